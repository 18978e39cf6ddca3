"""Numbers as LaTeX text."""


def count(n: int) -> str:
    """`12345` as `12{,}345`, which keeps its spacing in mathematics and in text."""
    return f"{int(n):,}".replace(",", "{,}")


def fixed(x: float, digits: int) -> str:
    """A number with so many decimals. One that can be negative belongs in mathematics, for the sake of its minus."""
    return f"{x:.{digits}f}"


def percent(share: float, digits: int = 1) -> str:
    """A share as a percentage, without the sign: `0.123` as `12.3`."""
    return f"{100 * share:.{digits}f}"


def scientific(x: float, digits: int = 1) -> str:
    """`1.2e-8` as `1.2\\times10^{-8}`, for use in mathematics."""
    mantissa, exponent = f"{x:.{digits}e}".split("e")
    return f"{mantissa}\\times10^{{{int(exponent)}}}"
