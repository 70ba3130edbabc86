"""What pyproject.toml cannot say: in a wheel, the app's files beside the package become the folder embedlab/app."""

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py


class OnlyListed(build_py):
    """The root's modules are not the app's: of embedlab.app only what `package_data` names is taken."""

    def find_package_modules(self, package, package_dir):
        return [] if package == "embedlab.app" else super().find_package_modules(package, package_dir)


setup(
    cmdclass={"build_py": OnlyListed},
    packages=[*find_packages(include=["embedlab*"]), "embedlab.app"],
    package_dir={"embedlab.app": "."},
    package_data={
        "embedlab": ["py.typed"],
        "embedlab.charts": ["templates.json"],
        "embedlab.ui": ["*.js", "*.svg", "address/*.js", "home/*.css", "home/thumbnails/*.png"],
        "embedlab.ui.player": ["*.css", "*.html", "*.js"],
        "embedlab.ui.atlas": ["*.css", "*.html", "*.js"],
        "embedlab.ui.places": ["*.js"],
        "embedlab.ui.stepping": ["*.js"],
        "embedlab.app": ["streamlit_app.py", ".streamlit/config.toml", "pages/*.py", "data/*", "data/*/*"],
    },
)
