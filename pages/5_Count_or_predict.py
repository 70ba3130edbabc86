"""Count or predict: two ways to word vectors on one text."""

import streamlit as st

from embedlab import counts
from embedlab.count_run import Both, count_and_predict, stages
from embedlab.models.skip_gram import SkipGramWindows, windows_loss
from embedlab.ui import cache, counts_form, counts_view, jobs, shell, widgets
from embedlab.word2vec_config import expected_seconds

shell.open_page(
    "5_Count_or_predict.py",
    "Must a machine guess, or is counting enough?",
    "Counting which words stand side by side, and weighing that against chance, gives vectors much like guessing does.",
)
theme = shell.theme()
form, picture = shell.form_and_picture()
with form:
    asked = counts_form.settled(*counts_form.draw())
    text = cache.text(asked.choice.key, asked.choice)

truth = cache.world(asked.choice.world_words, asked.choice.world_seed).analogies if asked.is_world else None
job = jobs.submit(asked.key, lambda: count_and_predict(text, asked.config, truth), total=stages(text, asked.config))
if expected_seconds(text, asked.config.predicting()) < 8:
    with st.spinner("Counting and guessing"):
        job.wait(20)
found = job.latest if isinstance(job.latest, Both) else None
with picture:
    if found is None:
        jobs.panel(job, counts_view.progress, key="counts")
        st.stop()
    counts_view.side_by_side(found, asked, theme)
counts_view.figures(found, text)

seen, tried = st.columns([2, 1], gap="large")
seen.markdown(f"**What you see**\n{counts_view.seen(found, asked, text)}")
with tried:
    st.markdown("**Try this**")
    counts_view.tries()

st.markdown("#### From counts to vectors")
counts_view.three_tables(found, asked, theme)

numbers, code, download = st.tabs(["Surprising pairs", "The code", "Download"])
with numbers:
    counts_view.surprises(found)
with code:
    widgets.the_code(counts.cooccurrence, counts.ppmi, counts.svd_vectors, SkipGramWindows, windows_loss)
with download:
    counts_view.downloads(found)
widgets.next_page("6_Transfer.py")
