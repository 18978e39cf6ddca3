"""figloom for JupyterLab. The wheel's shared data are the extension and the kernelspec; there is no Python code."""
