"""What the page Lookup asks for: sentences, and the table that they are looked up in."""

from typing import NamedTuple

import streamlit as st

from embedlab.lessons.lookup.layer import LookupConfig
from embedlab.ui.address import address

SENTENCES, OTHERS = "the cat saw the dog\nI saw a cat", "moon tree"
BOXES = ["lines", "table_dim", "table_seed", "pad", "others", "step_rate"]  # keys of all inputs


class Settings(NamedTuple):
    """What the form holds; `config` checks the numbers."""

    text: str = SENTENCES
    others: str = OTHERS  # words that only the table holds
    dimensions: int = 4
    seed: int = 0
    keep_pad_zero: bool = True
    learning_rate: float = 0.1

    def config(self) -> LookupConfig:
        """The table and the step.

        Raises:
            InvalidSetting: names the value and its range.
        """
        return LookupConfig(*self[2:])


def ask() -> Settings:
    """Draws the form."""
    with st.form("lookup"):
        text_help = "Together they are a **batch**: what the layer is given at once. Case and punctuation are dropped."
        text = st.text_area("Sentences, one a line", SENTENCES, key="lines", bind="query-params", help=text_help)
        dims_help = "Numbers for each word."
        dims = st.slider("Dimensions D", 1, 8, 4, key="table_dim", bind="query-params", help=dims_help)
        seed_help = "A new table is random: N(0, 1), mean 0 and standard deviation 1. One seed, one table."
        address.whole("table_seed")
        seed = st.number_input(
            "Seed of the table", 0, 999_999, 0, key="table_seed", bind="query-params", help=seed_help
        )
        pad_help = "`padding_idx=0` in PyTorch: row 0, which fills short lines, starts at zero and never learns."
        keep = st.toggle("Padding stays zero", True, key="pad", bind="query-params", help=pad_help)
        with st.expander("More settings"):
            others = st.text_input("More words of the table", OTHERS, key="others", bind="query-params")
            rate = st.number_input(
                "Learning rate of the step", 0.01, 1.0, 0.1, 0.05, key="step_rate", bind="query-params"
            )
        st.form_submit_button("Look up", type="primary", width="stretch")
    return Settings(text, others, dims, seed, keep, rate)
