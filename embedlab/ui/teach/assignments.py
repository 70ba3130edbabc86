"""Exercises of known courses on the page Teach: each a link to the view that answers it."""

import streamlit as st

from embedlab.teaching import ASSIGNMENTS
from embedlab.ui import menu


def listed() -> None:
    """The exercises of each course, closed until somebody opens them."""
    for course, assignments in ASSIGNMENTS.items():
        with st.expander(course, key=f"course_{course[:8]}", on_change="rerun") as box:
            if not box.open:
                continue
            for one in assignments:
                line = menu.item(one.page)
                link, told = st.columns([1, 3], vertical_alignment="center")
                link.page_link(
                    menu.PAGES / one.page,
                    label=f"**{one.number}** {line.title}",
                    icon=line.icon,
                    query_params=dict(one.parameters),
                )
                partly = f"  \n**Partly.** Not here yet: {one.missing}" if one.missing else ""
                told.markdown(f"{one.asked}  \n:gray[{one.look}]{partly}")
