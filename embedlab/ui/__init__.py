"""The part of the package that knows Streamlit: what pages share."""
