"""Text on the command line."""

from hypothesis import strategies as st
from iree_baremetal.errors import BaremetalError
from iree_baremetal.formats import options as import_options
from iree_baremetal.runtime import options

_SIZES = st.one_of(st.text(max_size=12), st.text("a=x,*0123456789²٣ _-+.", max_size=14))


def _read_options(folder, text):
    errors = []
    readers = (
        import_options.parse_dims,
        import_options.parse_shapes,
        import_options.parse_opset,
        lambda t: options.configure({"IREE_STATUS_MODE": t}),
    )
    for read in readers:
        try:
            read(text)
        except BaremetalError as error:
            errors.append(error)
    if len(errors) == len(readers):
        raise errors[0]


READERS = {
    "sizes and options": (_SIZES, _read_options, 150, 3000),
}
