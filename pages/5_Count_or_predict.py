"""Count or predict: two ways to word vectors on one text."""

import streamlit as st

from embedlab.lessons.counting import cooccurrence
from embedlab.lessons.counting.count_and_predict import Both, count_and_predict
from embedlab.lessons.word2vec.config import expected_seconds
from embedlab.lessons.word2vec.skip_gram import SkipGramWindows, windows_loss
from embedlab.ui import cache, jobs, shell, widgets
from embedlab.ui.count_or_predict import form as count_or_predict_form
from embedlab.ui.count_or_predict import results

shell.open_page(
    "5_Count_or_predict.py",
    "Must a machine guess, or is counting enough?",
    "Counting which words stand side by side, and weighing that against chance, gives vectors much like guessing does.",
)
theme = shell.theme()
form, picture = shell.form_and_picture()
with form:
    asked = count_or_predict_form.settled(*count_or_predict_form.draw())
    text = cache.text(asked.choice.key, asked.choice)

truth = cache.world(asked.choice.world_words, asked.choice.world_seed).analogies if asked.is_world else None
job = jobs.submit(asked.key, lambda: count_and_predict(text, asked.config, truth), total=asked.config.snapshots(text))
if expected_seconds(text, asked.config.predicting()) < 8:
    with st.spinner("Counting and guessing"):
        job.wait(20)
found = job.latest if isinstance(job.latest, Both) else None
with picture:
    if found is None:
        jobs.panel(job, results.progress, key="counts")
        st.stop()
    results.side_by_side(found, asked, theme)
results.figures(found, text)

seen, tried = st.columns([2, 1], gap="large")
seen.markdown(f"**What you see**\n{results.seen(found, asked, text)}")
with tried:
    st.markdown("**Try this**")
    results.tries()

st.markdown("#### From counts to vectors")
results.three_tables(found, asked, theme)

numbers, code, download = st.tabs(["Surprising pairs", "The code", "Download"])
with numbers:
    results.surprises(found)
with code:
    widgets.the_code(
        cooccurrence.cooccurrence, cooccurrence.ppmi, cooccurrence.svd_vectors, SkipGramWindows, windows_loss
    )
with download:
    results.downloads(found)
widgets.next_page("6_Transfer.py")
