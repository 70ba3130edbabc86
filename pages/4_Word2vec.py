"""Word2vec: words learned from a text, step by step."""

from typing import Any

import streamlit as st

from embedlab.lessons.word2vec import skip_gram
from embedlab.lessons.word2vec.config import expected_seconds
from embedlab.lessons.word2vec.gensim_engine import train_word2vec
from embedlab.lessons.word2vec.pairs import keep_probability, noise_distribution, window_pairs
from embedlab.lessons.word2vec.run import run
from embedlab.training.loop import train
from embedlab.ui import cache, jobs, shell, widgets
from embedlab.ui.word2vec import form as word2vec_form
from embedlab.ui.word2vec import maps, preparation, results
from embedlab.ui.word2vec import run as word2vec_run

shell.open_page(
    "4_Word2vec.py",
    "Can words be learned just by reading?",
    "Word2vec guesses which words stand around a word. To guess well, it has to give words that keep the same company "
    "vectors that point the same way.",
)
theme = shell.theme()
form, picture = shell.form_and_picture()
with form:
    pressed, check = word2vec_form.draw()
    asked = word2vec_form.settled(pressed, check)
    text = cache.text(asked.choice.key, asked.choice)
    word2vec_form.propose(asked, text)

truth = cache.world(asked.choice.world_words, asked.choice.world_seed).analogies if asked.is_world else None
job = jobs.submit(asked.key, lambda: run(text, asked.config, truth), total=asked.config.snapshots(text))
if expected_seconds(text, asked.config) < 8:
    with st.spinner("Learning from the text"):
        job.wait(20)
with picture:
    jobs.panel(job, lambda job: word2vec_run.draw(job, asked, text, theme), key="word2vec", stop="Stop training")
found = None if job.live or not job.snapshots else word2vec_run.history(job, asked, text)
if found:
    results.figures(found, asked, text)
seen, tried = st.columns([2, 1], gap="large")
if found:
    seen.markdown(f"**What you see**\n{results.seen(found, asked, text)}")
with tried:
    st.markdown("**Try this**")
    results.tries()

st.markdown("#### What the text loses before it is read")
preparation.left_out(text, asked)
if found:
    st.markdown("#### A map of the most frequent words")
    maps.six_hundred(found, asked, theme)
st.markdown("#### The same four words in a real run")
maps.real_run(theme)

if not found:
    st.stop()
numbers, code, download = st.tabs(["Numbers", "The code", "Download"])
with numbers:
    results.numbers(found)
with code:
    models: dict[str, list[Any]] = {
        "negative sampling": [skip_gram.SkipGramNegativeSampling],
        "full softmax": [skip_gram.SkipGramSoftmax],
        "by windows": [skip_gram.SkipGramWindows, skip_gram.windows_loss],
        "gensim": [train_word2vec],
    }
    used = [thing for method in found.methods for thing in models[method]]
    widgets.the_code(*used, window_pairs, keep_probability, noise_distribution, train)
with download:
    results.downloads(found, asked)
widgets.next_page("5_Count_or_predict.py")
