"""What ``%%ai`` needs of IPython and of the page around it; ``ipython.py`` puts it together."""
