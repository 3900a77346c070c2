"""placeholder"""
def page(content):
    return "<html></html>"
