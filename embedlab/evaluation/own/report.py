"""The scores of one's own tests in plain lines, with the errors that are farthest off."""

from collections.abc import Iterator
from pathlib import Path

from embedlab.evaluation.own.categories import category_purity, read_categories
from embedlab.evaluation.own.detection import first_item
from embedlab.evaluation.own.groups import odd_one_out_accuracy, read_groups
from embedlab.evaluation.own.word_pairs import read_word_pairs
from embedlab.evaluation.scores import AnalogyScore
from embedlab.evaluation.similarity import judged_pairs, no_order
from embedlab.vectors.word_vectors import WordVectors


def analogies(score: AnalogyScore, errors: int = 0) -> Iterator[str]:
    """Accuracy by section, by any right answer, too, where questions have several; and the errors farthest off."""
    several = score.overall.correct_by_any is not None
    yield f"{'analogies':34} accuracy   {'by any   ' if several else ''}asked of all"
    for section in (*score.sections, score.overall):
        shares = (section.accuracy, section.accuracy_by_any) if several else (section.accuracy,)
        shown = (f"{share:.1%}" if section.covered else "–" for share in shares)
        columns = "   ".join(f"{share:>{width}}" for share, width in zip(shown, (8, 6), strict=False))
        yield f"{section.name:34} {columns}   {section.covered:,} of {section.total:,}"
    for error in sorted(score.errors, key=lambda error: -error.place)[:errors]:
        a, b, c, d = error.question
        yield f"  {a} : {b} :: {c} : {d}, place {error.place:,}; answered {error.answer}"


def pairs(vectors: WordVectors, path: Path, errors: int, encoding: str | None) -> Iterator[str]:
    """Correlations with the judgements, and the pairs whose cosines are farthest from their places."""
    judged = judged_pairs(vectors, read_word_pairs(path, encoding=encoding))
    known = len(judged.known)
    yield f"{path.name}: {known:,} of {len(judged.pairs):,} pairs"
    if (error := no_order(judged, path.name, "The set of vectors")) is not None:
        yield str(error)
        return
    for name, found in (("Spearman", judged.rank_correlated), ("Pearson", judged.correlated)):
        yield f"{name:10} {found.value:6.3f}   95% {found.low:.3f} to {found.high:.3f}   p = {found.p_value:.3g}"
    for i in judged.misjudged(errors):
        a, b, score = judged.pairs[judged.known[i]]
        by_people, by_cosine = judged.ranks[i]
        cosine = f"cosine {judged.cosines[i]:.3f} (place {by_cosine:.0%})"
        yield f"  {a}, {b}: people {score:g} (place {by_people:.0%}), {cosine}"


def groups(vectors: WordVectors, path: Path, errors: int, encoding: str | None) -> Iterator[str]:
    """How many odd ones were found, and the groups whose odd one was not."""
    asked = read_groups(path, encoding=encoding)
    score = odd_one_out_accuracy(vectors, asked)
    yield f"{path.name}: {score.covered:,} of {score.total:,} groups"
    yield first_item("groups", asked)
    if score.covered:
        value, low, high = score.accuracy
        by_chance = f"by chance {score.chance:.1%}   p = {score.p_value:.3g}"
        yield f"odd ones   {value:6.1%}   95% {low:.1%} to {high:.1%}   {by_chance}"
    for wrong in score.errors[:errors]:
        yield f"  {', '.join(wrong.group.words)} | {wrong.group.odd}: {wrong.answer}"


def categories(vectors: WordVectors, path: Path, errors: int, encoding: str | None) -> Iterator[str]:
    """The purity of the clusters, and words in clusters of another category."""
    score = category_purity(vectors, read_categories(path, encoding=encoding))
    yield f"{path.name}: {score.covered:,} of {score.total:,} words"
    value, low, high = score.interval
    yield f"purity     {value:6.1%}   {len(set(score.categories))} categories, as many clusters"
    yield f"           95% {low:.1%} to {high:.1%}   by chance {score.chance:.1%}   p = {score.p_value:.3g}"
    for word, name, cluster in score.errors[:errors]:
        yield f"  {word}: {name}, found among {cluster}"
