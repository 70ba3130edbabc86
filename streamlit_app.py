"""The entrypoint: `streamlit run streamlit_app.py`. It draws the menu and runs the chosen page, nothing else."""

from embedlab.ui import shell

shell.run_app()
