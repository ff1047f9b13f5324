"""``<language>/<kind>/``: the words of every mail and invitation. This file makes an editable checkout find them."""
