"""Lesson plans on the page Teach: links that open exact views, with what to say and to ask."""

import streamlit as st

from embedlab.teaching import PLANS
from embedlab.ui import menu, widgets
from embedlab.ui.address.address import PRESENT


def plans() -> None:
    """The plan of a length that the teacher chooses."""
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    with left:
        minutes = widgets.one_of("Minutes", list(PLANS), key="minutes", bind="query-params")
    present_help = "Without menu, tables and code, in larger type: `?present=true` in any page’s address."
    presented = right.toggle("Open in present mode", True, key="presented", bind="query-params", help=present_help)
    begun = 0
    for step in PLANS[minutes]:
        line, until = menu.item(step.page), begun + step.minutes
        with st.container(border=True, key=f"step_{begun}"):
            link, told = st.columns([1, 3], vertical_alignment="center")
            with link:
                st.page_link(
                    menu.PAGES / step.page,
                    label=f"**{line.title}**",
                    icon=line.icon,
                    query_params=dict(step.parameters) | (PRESENT if presented else {}),
                )
                st.caption(f"Minutes {begun} to {until}")
            told.markdown(f"**Ask:** {step.ask}  \n**Say:** {step.say}")
        begun = until
