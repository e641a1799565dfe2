"""The visual language is legible on white and on a dark page."""

import pytest

from deeplimits.figures.style import DARK, FAINT_INK, INK, LIMIT_STYLES, PAPER, SIMULATION_FILL, shades


def luminance(color: str) -> float:
    """Return the relative luminance of Web Content Accessibility Guidelines 2.1."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(share * channel for share, channel in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(first: str, second: str) -> float:
    low, high = sorted([luminance(first), luminance(second)])
    return (high + 0.05) / (low + 0.05)


def test_the_measure_of_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("color", [INK, FAINT_INK, *shades(5), *(style.color for style in LIMIT_STYLES.values())])
def test_lines_and_points_stand_out_on_both_papers(color: str) -> None:
    assert contrast(color, PAPER) >= 3
    assert contrast(DARK[color], DARK[PAPER]) >= 3


@pytest.mark.parametrize("color", [INK, FAINT_INK])
def test_words_can_be_read_on_both_papers(color: str) -> None:
    assert contrast(color, PAPER) >= 4.5
    assert contrast(DARK[color], DARK[PAPER]) >= 4.5


def test_words_can_be_read_on_the_fill_of_a_histogram() -> None:
    assert contrast(INK, SIMULATION_FILL) >= 4.5
    assert contrast(DARK[INK], DARK[SIMULATION_FILL]) >= 4.5


def test_shades_run_from_pale_to_ink_and_are_told_apart() -> None:
    for count in range(1, 6):
        tones = shades(count)
        assert len(set(tones)) == count
        assert [luminance(tone) for tone in tones] == sorted(map(luminance, tones), reverse=True)
        assert tones[-1] == INK or count == 1
    with pytest.raises(ValueError, match="1 to 5 tones"):
        shades(6)
