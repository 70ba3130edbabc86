"""What the page Atlas answers: the map, the word that is picked, how far to trust it, and what they say."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from embedlab.atlas import columns
from embedlab.atlas.word_map import WordMap
from embedlab.charts.theme import Theme
from embedlab.errors import InvalidSetting
from embedlab.formats.limits import shown_word
from embedlab.ui import cache, menu, present, shell, widgets
from embedlab.ui.atlas import canvas, form, maps, selection
from embedlab.ui.atlas.form import Settings
from embedlab.ui.atlas.maps import Ready
from embedlab.ui.atlas.selection import Second
from embedlab.ui.words import asking, word_boxes
from embedlab.ui.words.asking import WORD
from embedlab.vectors import queries
from embedlab.vectors.first_look import telling_words
from embedlab.vectors.queries import Neighbor, nearest_neighbors
from embedlab.vectors.spelling import find_words
from embedlab.vectors.word_vectors import WordVectors
from embedlab.wording import counted

_LONGEST = 1_000  # letters of a text that are shown
_LONG, _TALLEST = 300, 260  # letters that fit into so many px; longer texts are scrolled
_EXAMPLES = ("violin", "bacteria")


class Found(NamedTuple):
    """A map, and the word that is picked on it."""

    settings: Settings
    ready: Ready
    word: str
    near: list[Neighbor]  # in the full space, nearest first
    containing: int = 0  # texts that have in them what was typed, of which this is the first
    second: Second | None = None  # to whose places words move

    @property
    def vectors(self) -> WordVectors:
        return self.settings.loaded.vectors

    @property
    def map(self) -> WordMap:
        return self.ready.word_map

    @property
    def row(self) -> int:
        return self.map.index[self.word]


def find(settings: Settings) -> Found | None:
    """The map with the word that was asked for, or the last one that these vectors know; None where there is no map."""
    vectors = settings.loaded.vectors
    ready = maps.ready(vectors)
    if ready is None:
        return None

    def asked(typed: str) -> Found:
        containing = _containing(vectors, typed.strip()) if settings.noun == "text" else []
        words = find_words(vectors, typed)
        known = containing or [word for word in words if word in vectors]
        if not known and settings.noun == "text":
            raise InvalidSetting(
                f"None of the {len(vectors):,} texts has {shown_word(typed.strip())} in it: type another part of one, "
                "or click one on the map."
            )
        known = known or [vectors.words[row] for row in vectors.rows(words[:1])]
        if not known:
            raise vectors.unknown([typed])
        near = nearest_neighbors(vectors, known[0], ready.word_map.nearest)
        return Found(settings, ready, known[0], near, len(containing))

    def begin() -> Found:
        return asked(telling_words(vectors, 1)[0])

    key = f"atlas {cache.serial(vectors)}"
    if settings.typed.strip():
        found = shell.attempt(
            key,
            lambda: asked(settings.typed),
            inputs=[WORD],
            remedy=word_boxes.spellings,
            still=lambda found: shown_word(found.word),
            otherwise=begin,
        )
    else:  # an empty box asks for nothing
        found = shell.last_good(key)
    found = found or begin()
    return found._replace(settings=settings, ready=ready)


def _containing(texts: WordVectors, part: str) -> list[str]:
    """The texts that have this in them; none where it is one of them."""
    if part in texts:
        return []
    return [texts.words[row] for row in np.flatnonzero(columns.matching(texts.words, part)).tolist()]


def card(found: Found) -> None:
    """The word that is picked: its rank, its neighbors as bars, how many of them are near on the map, and ways on."""
    if found.containing:
        part = shell.as_text(found.settings.typed.strip())
        st.caption(f"First of {counted(found.containing, 'text')} with “{part}”. “{form.PART}” shows only such.")
    else:
        words = word_boxes.say_taken(found.vectors, found.settings.typed)
        word_boxes.say_only(found.vectors, found.word, words)
    word, district = widgets.named(found.word), found.map.district_names[int(found.map.districts[found.row])]
    st.markdown(
        f"**{word}**, {found.settings.noun} {found.row + 1:,} of {len(found.map.words):,}, is in the district "
        f"“{widgets.named(district)}”. Of its {_nearest(found)}, **{_kept(found)}** are near here."
        + (f" Bars and lines show the nearest of all {len(found.map.words):,}." if _is_partly_laid_out(found) else "")
    )
    if shown_word(found.word) != f"“{found.word}”":  # it is cut there
        with st.container(height=_TALLEST if len(found.word) > _LONG else "content", border=False):
            st.markdown("> " + shell.as_text(found.word[:_LONGEST]))
    canvas.show(shown(found))
    line = menu.item("7_Neighbors.py")
    st.page_link(
        menu.PAGES / line.file, label=f"{word} in {line.title}", icon=line.icon,
        query_params=present.kept() | {"word": found.word, "vectors": found.settings.loaded.name},
    )  # fmt: skip


def _kept(found: Found) -> int:
    return found.map.kept_of(found.word)


def _nearest(found: Found) -> str:
    """The words among which neighbors are looked for on the map."""
    among = f" among the first {found.map.laid_out:,} {found.settings.noun}s" if _is_partly_laid_out(found) else ""
    return f"{len(found.near)} nearest{among}"


def _is_partly_laid_out(found: Found) -> bool:
    """Whether some words have their places by those of others."""
    return found.map.laid_out < len(found.map.words)


def say_trust(found: Found) -> None:
    """Beside the title: what the whole map keeps."""
    nearest, noun = found.map.nearest, found.settings.noun
    shell.below_title().caption(
        f"This map keeps **{found.map.share_kept:.0%}** of each {noun}’s {nearest} nearest among its {nearest} nearest "
        "on the map: trust regions more than single neighbors."
    )


def picture(found: Found, theme: Theme) -> None:
    """The map. A click on a word picks it; the picked word's neighbors in the full space are joined to it by lines."""

    def pick(row: int) -> None:
        asking.ask(found.map.words[row])

    canvas.draw(found.ready.data, on_pick=pick, on_outline=lambda drawn: selection.note_outline(found.settings, drawn))
    canvas.layer("paint", selection.paint(found.settings, found.ready))


def shown(found: Found) -> canvas.Shown:
    """What the browser is told with each run."""
    near = [found.map.index[n.word] for n in found.near]
    cosines = [round(n.similarity, 2) for n in found.near]
    return canvas.Shown(len(found.map.words), found.row, near, cosines, selection.outline(found.settings, found.second))


def figures(found: Found) -> None:
    """How much of the neighbors the map keeps: the word's, and of those around it."""
    around = float(found.map.kept[found.row])
    with st.container(horizontal=True):  # shorter than columns, and sent with each click
        st.metric(f"Nearest to “{widgets.named(found.word)}” kept near", f"{_kept(found)} of {len(found.near)}")
        st.metric("Kept near by those around it", f"{around:.0%}")


def what_you_see(found: Found) -> str:
    """Sentences with this map's numbers, in Markdown."""
    word_map, word, noun = found.map, widgets.named(found.word), found.settings.noun
    shares = word_map.district_shares
    best, worst = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
    dimensions = found.vectors.dimensions
    placed = len(word_map.words) - word_map.laid_out
    lines = [
        f"{word_map.method} laid out {word_map.laid_out:,} {noun}s to keep near here what is near in {dimensions} "
        "dimensions. Distances between districts say little.",
        *([f"The other {placed:,} stand between their three nearest of those."] if placed else []),
        f"Lines join **{word}** to its {len(found.near)} nearest; long ones show what the map tears apart.",
    ]
    if best != worst:
        lines.append(
            f"Neighbors are kept best in “{widgets.named(best)}” ({shares[best]:.0%}), worst in "
            f"“{widgets.named(worst)}” ({shares[worst]:.0%})."
        )
    return "**What you see**\n" + "\n".join(f"- {line}" for line in lines)


def story(found: Found) -> str:
    """What the map shows, with its figures, in a sentence without Markdown."""
    word_map, noun = found.map, found.settings.noun
    return (
        f"{len(word_map.words):,} {noun}s by {word_map.method}. The map keeps {word_map.share_kept:.0%} of each "
        f"{noun}’s {word_map.nearest} nearest among its {word_map.nearest} nearest here."
    )


def tries(found: Found) -> None:
    """Buttons that pick a word, or change what colors say."""
    with widgets.tries():
        other = form.DISTRICTS if found.settings.color == form.KEPT else form.KEPT
        label = "Where the map can be trusted" if other == form.KEPT else "Color by districts"
        st.button(label, on_click=st.session_state.update, args=({"color": other},), key="atlas_color")
        name = form.OTHER.get(found.settings.loaded.name)
        if name and st.session_state.get(form.SECOND, form.NOWHERE) == form.NOWHERE:
            label = f"See them move to “{shell.as_text(name)}”"
            st.button(label, on_click=st.session_state.update, args=({form.SECOND: name},), key="atlas_second")
        known = [word for word in _EXAMPLES if word in found.vectors] or telling_words(found.vectors, 2)
        if word := next((word for word in known if word != found.word), None):
            st.button(f"Fly to {widgets.named(word)}", on_click=asking.ask, args=(word,), key="atlas_fly")


def numbers(found: Found) -> None:
    """The districts in a table."""
    share = {"neighbors kept": st.column_config.NumberColumn(format="percent")}
    asking.table(records(found), ["most frequent"], key="atlas_districts", box=WORD, column_config=share)


def records(found: Found) -> list[dict[str, Any]]:
    """One row for each district: how many words it has, the share of neighbors kept, and its first words."""
    word_map, shares = found.map, found.map.district_shares
    rows = []
    for number, name in enumerate(word_map.district_names):
        own = np.flatnonzero(word_map.districts == number)
        first = [word_map.words[row] for row in own[:8].tolist()]
        kept = round(shares[name], 3) if name in shares else None
        rows.append({"district": name, "words": len(own), "neighbors kept": kept, "most frequent": first})
    return rows


def code(found: Found) -> tuple[Callable[..., Any] | str, ...]:
    """What ran."""
    return (
        "embedlab.atlas.layout:lay_out", "embedlab.atlas.fast_tsne:descend", "embedlab.atlas.districts:divide",
        "embedlab.atlas.faithfulness:kept_counts", queries.nearest_neighbors,
    )  # fmt: skip
