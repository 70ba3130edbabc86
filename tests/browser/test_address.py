"""One click, one address, one view: the history of the browser, and what a click brings into view."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import JOB, PATIENCE, drawn, expect_entries, history_length, open_settled, settle, stand
from tests.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("calm")]

PICTURE = ".st-key-form_and_picture"
WORKING = "[class*=st-key-working_]"  # while a job runs
SAID = "charts => charts.map(chart => chart.ariaLabel ?? '')"
MAIN = "document.querySelector('[data-testid=stMain]')"
# Pages with a button below the picture that changes it, and begins no long training.
TRIED = {
    "Ten_words": "Seed 48: a word stays in a wrong region",
    "Neighbors": "apple: a fruit and a company on one map",
    "Compare": "Least alike",
    "Letters": "Learning rate 3",
    "Count_or_predict": "Real news: both do poorly, and alike",
}

TABBED = sorted(
    path.stem.partition("_")[2] for path in (ROOT / "pages").glob("*.py") if "widgets.tabs(" in path.read_text()
)


def view(page: Page) -> list[str]:
    """What the charts beside the form show, in words, once all of them are drawn."""
    shown: list[str] | None = None
    for _ in range(100):
        expect(page.locator(WORKING)).to_have_count(0, timeout=JOB)
        stand(page)
        before, shown = shown, page.locator(f"{PICTURE} [role=graphics-document]").evaluate_all(SAID)
        if shown == before:
            break
        page.wait_for_timeout(400)
    return shown or []


def expect_view(page: Page, expected: list[str]) -> None:
    for _ in range(20):
        if (shown := view(page)) == expected:
            return
    assert shown == expected


def wait_for_address(page: Page, address: str) -> None:
    page.wait_for_function("address => location.href === address", arg=address)
    settle(page)


def test_a_tab_is_an_entry_of_its_own(browser_page: Page, app_url: str) -> None:
    open_settled(browser_page, f"{app_url}/Word2vec")
    view(browser_page)  # the page stands, and the first view has its entry
    entries = history_length(browser_page)
    for count, name in enumerate(("Subsampling", "Numbers"), 1):
        browser_page.get_by_role("tab", name=name).click()
        expect_entries(browser_page, entries + count)
        browser_page.wait_for_url(f"**word2vec_tab={name}**")
    browser_page.go_back()
    expect(browser_page.get_by_role("tab", name="Subsampling")).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize("page_name", TABBED)
def test_every_page_names_its_open_tab_in_one_entry_which_back_undoes(
    browser_page: Page, app_url: str, page_name: str
) -> None:
    open_settled(browser_page, f"{app_url}/{page_name}")
    view(browser_page)
    entries, name = history_length(browser_page), f"{page_name.lower()}_tab"
    code = browser_page.get_by_role("tab", name="The code")
    before = parse_qs(urlsplit(browser_page.url).query)
    code.click()
    expect_entries(browser_page, entries + 1)
    address = browser_page.url
    assert parse_qs(urlsplit(address).query) == before | {name: ["The code"]}
    browser_page.go_back()
    expect(code).to_have_attribute("aria-selected", "false")
    browser_page.wait_for_timeout(600)  # the Atlas writes its place once the map has rested for half as long
    assert parse_qs(urlsplit(browser_page.url).query) == before
    open_settled(browser_page, address)  # as a link
    expect(code).to_have_attribute("aria-selected", "true")
    expect(browser_page.get_by_text("Ignored in this page’s address")).to_have_count(0)


def test_a_word_typed_after_a_back_whose_run_was_too_short_to_be_seen_is_an_entry(
    browser_page: Page, app_url: str
) -> None:
    open_settled(browser_page, f"{app_url}/Neighbors?word=violin")
    view(browser_page)
    view(browser_page)
    before = history_length(browser_page)
    browser_page.evaluate("() => { const { embedlabAddress: address } = window; address.travelled = true; }")
    box = browser_page.get_by_role("textbox", name="A word, or several")
    box.fill("java")
    box.press("Enter")
    browser_page.wait_for_url("**word=java**")
    expect_entries(browser_page, before + 1)


@pytest.mark.parametrize("page_name", TRIED)
def test_a_button_writes_one_entry_brings_its_picture_into_view_and_back_undoes_it(
    browser_page: Page, app_url: str, page_name: str
) -> None:
    address = f"{app_url}/{page_name}"
    open_settled(browser_page, address)
    before, entries = view(browser_page), history_length(browser_page)
    button = browser_page.get_by_role("button", name=TRIED[page_name]).first
    button.scroll_into_view_if_needed()
    button.click()
    browser_page.wait_for_function("address => location.href !== address", arg=address)
    settle(browser_page)
    expect_entries(browser_page, entries + 1)
    expect(browser_page.locator(WORKING)).to_have_count(0, timeout=JOB)
    settle(browser_page)  # the page runs once more at a job's end
    after, changed = view(browser_page), browser_page.url
    assert after != before
    browser_page.wait_for_function(f"document.querySelector('{PICTURE}').getBoundingClientRect().top > -50")
    browser_page.go_back()
    wait_for_address(browser_page, address)
    expect_view(browser_page, before)
    browser_page.go_forward()
    wait_for_address(browser_page, changed)
    expect_view(browser_page, after)


@pytest.mark.parametrize("width", [1280, 400])
def test_what_a_forms_button_makes_or_refuses_comes_into_view(browser_page: Page, app_url: str, width: int) -> None:
    browser_page.set_viewport_size({"width": width, "height": 800})
    open_settled(browser_page, f"{app_url}/Count_or_predict")
    browser_page.get_by_text("Your own text", exact=True).last.click()
    pasted = browser_page.get_by_role("textbox", name="Paste at least a few hundred words")
    button = browser_page.get_by_role("button", name="Count and predict")

    def given(text: str) -> None:
        pasted.fill(text)
        button.scroll_into_view_if_needed()
        browser_page.mouse.move(width / 2, 400)
        browser_page.mouse.wheel(0, 300)  # the picture lies above
        button.click()
        settle(browser_page)

    def in_view(part: str, share: float, above: int = -60) -> None:
        """Waits until its upper edge is on the screen, at most so far down."""
        script = f"""([share, above]) => {{
            const {{ top }} = [...document.querySelectorAll('{part}')].at(-1).getBoundingClientRect();
            return top > above && top < share * innerHeight;
        }}"""
        browser_page.wait_for_function(script, arg=[share, above])

    given("one")
    in_view("[class*=st-key-refused_]", 0.9, above=50)  # below the header
    given("the cat sat on the mat. the dog lay on the rug. " * 30)
    expect(browser_page.locator(WORKING)).to_have_count(0, timeout=JOB)
    settle(browser_page)
    column = f"{PICTURE} > :first-child > .stHorizontalBlock > .stColumn"
    in_view(column, 0.5)
    given("the dog sat on the mat. the cat lay on the rug. " * 30)  # of which the address tells nothing
    in_view(column, 0.5)


def test_a_click_that_begins_a_job_is_an_entry_while_the_job_runs(browser_page: Page, app_url: str) -> None:
    address = f"{app_url}/Letters"
    open_settled(browser_page, address)
    before, entries = view(browser_page), history_length(browser_page)
    browser_page.get_by_role("button", name="English words").first.click()
    browser_page.wait_for_function("address => location.href !== address", arg=address)
    working = browser_page.locator(WORKING)
    expect(working).not_to_have_count(0)
    expect_entries(browser_page, entries + 1)
    expect(working).not_to_have_count(0)
    browser_page.go_back()
    wait_for_address(browser_page, address)
    expect_view(browser_page, before)
    assert history_length(browser_page) == entries + 1


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize(
    ("page_name", "button", "place"),
    [
        ("Transfer", "Negation: the verdict is wrong", "closer_look"),
        ("Transfer?look=What+moved", "50 sentences: far less certain verdicts", "closer_look"),
        ("Lookup", "Let padding learn: row 0 gets a gradient", "which_rows_learn"),
        ("Word2vec", "Window 1: fewer analogies hold", "form_and_picture"),
        ("Vectors", "GloVe of tweets: its size and license", "published_set"),
    ],
)
def test_a_button_brings_what_it_changed_below_the_header(
    browser_page: Page, app_url: str, width: int, page_name: str, button: str, place: str
) -> None:
    browser_page.emulate_media(reduced_motion="no-preference")  # it is scrolled to by and by
    browser_page.set_viewport_size({"width": width, "height": 800})
    open_settled(browser_page, f"{app_url}/{page_name}")
    browser_page.get_by_role("button", name=button).first.click()
    settle(browser_page)
    expect(browser_page.locator(WORKING)).to_have_count(0, timeout=JOB)
    picture = f".st-key-{place}"
    if width == 400 and place == "form_and_picture":  # the form stands above it
        picture += " > :first-child > .stHorizontalBlock > .stColumn:last-child"
    expect_below_header(browser_page, picture)
    browser_page.wait_for_timeout(1_500)  # where it stays
    expect_below_header(browser_page, picture, within=1_000)


def expect_below_header(page: Page, picture: str, within: float = PATIENCE) -> None:
    """Waits, ms, until this begins at the header's lower edge."""
    page.wait_for_function(
        """picture => Math.abs(document.querySelector(picture).getBoundingClientRect().top -
            document.querySelector('[data-testid=stHeader]').getBoundingClientRect().bottom) < 40""",
        arg=picture,
        timeout=within,
    )


def test_what_a_button_changed_is_brought_into_view_again_when_its_job_ends(browser_page: Page, app_url: str) -> None:
    open_settled(browser_page, f"{app_url}/Lookup")
    working = """document.querySelector('[data-testid=stMainBlockContainer]')
        .insertAdjacentHTML('beforeend', '<div class="st-key-working_long"></div>')"""
    browser_page.evaluate(working)
    browser_page.get_by_role("button", name="Let padding learn: row 0 gets a gradient").first.click()
    settle(browser_page)
    expect_below_header(browser_page, ".st-key-which_rows_learn")
    browser_page.wait_for_timeout(2_000)  # longer than the charts of a run take
    browser_page.evaluate(f"""() => {{
        {MAIN}.style.overflowAnchor = 'none';
        {MAIN}.firstElementChild.insertAdjacentHTML('beforebegin', '<div style="height: 300px; flex: none"></div>');
        document.querySelector('.st-key-working_long').remove();
        const app = document.querySelector('[data-testid=stApp]'), state = 'data-test-script-state';
        for (const now of ['running', 'notRunning']) app.setAttribute(state, now);  // as for the run at a job's end
    }}""")
    expect_below_header(browser_page, ".st-key-which_rows_learn")


REFUSED = [
    ("Ten_words", "first_rate=-5&ten_words_tab=The+code", "ten_words_tab=The+code"),
    ("Word2vec", "text=Your+own+text&step=12", "step=12"),
    ("Count_or_predict", "c_text=two+sentences&c_dims=banana", "c_text=two+sentences"),
    ("Evaluate", "evaluated=Bias&weat_career_X=qqzz&judged_set=SimLex-999", "evaluated=Bias"),
    ("Neighbors", "list=queen&at=nowhere", ""),
]


@pytest.mark.parametrize(("page_name", "asked", "left"), REFUSED)
def test_what_a_page_refuses_leaves_the_link(
    browser_page: Page, app_url: str, page_name: str, asked: str, left: str
) -> None:
    open_settled(browser_page, f"{app_url}/{page_name}?{asked}")
    browser_page.wait_for_url(lambda url: parse_qs(urlsplit(url).query) == parse_qs(left))


@pytest.mark.parametrize("page_name", ["Word2vec", "Count_or_predict"])
def test_a_text_that_is_too_short_leaves_address_and_picture_as_they_were(
    browser_page: Page, app_url: str, page_name: str
) -> None:
    open_settled(browser_page, f"{app_url}/{page_name}")
    before, address, entries = view(browser_page), browser_page.url, history_length(browser_page)
    browser_page.get_by_text("Your own text", exact=True).first.click()
    browser_page.get_by_label("Paste at least a few hundred words").fill("too short")
    browser_page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
    expect(browser_page.get_by_text("Still shown: the small world")).to_be_visible()
    wait_for_address(browser_page, address)
    expect_entries(browser_page, entries)
    expect_view(browser_page, before)
    browser_page.get_by_role("tab", name="The code").click()  # nor does it come back with the next run
    browser_page.wait_for_function("location.search.includes('_tab=The')")
    settle(browser_page)
    browser_page.wait_for_url(lambda url: list(parse_qs(urlsplit(url).query)) == [f"{page_name.lower()}_tab"])


def test_a_click_before_the_opened_view_has_settled_writes_an_entry_too(browser_page: Page, app_url: str) -> None:
    address = f"{app_url}/Lookup"
    open_settled(browser_page, address)
    browser_page.wait_for_function("window.embedlabAddress")
    browser_page.evaluate("window.embedlabAddress.first = true")  # addresses that Streamlit writes may put it off
    entries = history_length(browser_page)
    browser_page.get_by_role("radio", name="dog", exact=True).click()
    expect_entries(browser_page, entries + 1)
    browser_page.go_back()
    wait_for_address(browser_page, address)


def test_buttons_pressed_with_the_space_bar_write_an_entry_each(browser_page: Page, app_url: str) -> None:
    open_settled(browser_page, f"{app_url}/Analogies")
    view(browser_page)
    entries = history_length(browser_page)
    for count, name in enumerate(("france : paris :: italy", "walk : walking :: swim"), 1):
        browser_page.get_by_role("button", name=name).press("Space")
        expect_entries(browser_page, entries + count)


def test_a_refused_word_leaves_address_and_picture_as_they_were(browser_page: Page, app_url: str) -> None:
    open_settled(browser_page, f"{app_url}/Neighbors?word=coffee")
    entries, box = history_length(browser_page), browser_page.get_by_role("textbox", name="A word, or several")
    box.fill("qqzzq")
    box.press("Enter")
    expect(browser_page.get_by_text("is not among the")).to_be_visible()
    wait_for_address(browser_page, f"{app_url}/Neighbors?word=coffee")
    expect(box).to_have_value("qqzzq")  # nothing is lost
    expect_entries(browser_page, entries)
    box.fill("tea")
    box.press("Enter")
    wait_for_address(browser_page, f"{app_url}/Neighbors?word=tea")
    expect_entries(browser_page, entries + 1)


def expect_said(page: Page, said: str) -> None:
    """Waits until this stands above the button of the form."""
    button = "document.querySelector('[data-testid=stForm] [data-testid=stFormSubmitButton]')"
    page.wait_for_function(f"said => getComputedStyle({button}, '::after').content === said", arg=said)


def test_the_button_of_a_changed_form_hides_no_input_that_the_tab_key_goes_to(browser_page: Page, app_url: str) -> None:
    browser_page.set_viewport_size({"width": 400, "height": 800})
    open_settled(browser_page, f"{app_url}/Word2vec")
    view(browser_page)
    form = browser_page.get_by_test_id("stForm")
    form.locator("summary").last.click()
    seed = form.get_by_label("Seed", exact=True)
    seed.fill("7")
    seed.press("Tab")
    expect(browser_page.locator("[data-changed]")).to_have_count(1)
    form.locator("input, button").first.focus()
    # The names of inputs, and how far they reach below the upper edge of what holds the button, px.
    reach = """() => {
        const now = document.activeElement, send = '[data-testid=stFormSubmitButton]';
        const row = now.closest('[data-testid=stForm]')?.querySelector(send).closest('.stElementContainer');
        if (!row || row.contains(now)) return null;
        return [now.outerHTML, now.getBoundingClientRect().bottom - row.getBoundingClientRect().top];
    }"""
    passed = 0
    for _ in range(60):
        browser_page.keyboard.press("Tab")
        browser_page.wait_for_function(f"() => ({reach})() === null || ({reach})()[1] <= 2")
        if browser_page.evaluate(reach) is None:
            break
        passed += 1
    assert passed > 20


@pytest.mark.parametrize(("link", "left"), [("?word=qqzz", ""), ("Neighbors?map=PCA&word=qqzz", "Neighbors?map=PCA")])
def test_a_word_that_is_not_there_leaves_the_link_that_asks_for_it(
    browser_page: Page, app_url: str, link: str, left: str
) -> None:
    entries = history_length(browser_page)
    open_settled(browser_page, f"{app_url}/{link}")
    wait_for_address(browser_page, f"{app_url}/{left}")
    expect(browser_page.get_by_text("“qqzz” is not among the 50,000 words")).to_be_visible()
    assert history_length(browser_page) == entries + 1


def test_what_a_form_has_not_sent_is_not_in_the_address(browser_page: Page, app_url: str) -> None:
    open_settled(browser_page, f"{app_url}/Ten_words?first_seed=3")
    view(browser_page)
    entries, seed = history_length(browser_page), browser_page.get_by_label("Seed", exact=True)
    for value, label in (("7", "Seed"), ("3", "Seed"), ("0.5", "Learning rate"), ("8", "Seed")):
        field = browser_page.get_by_label(label, exact=True)
        field.fill(value)
        field.press("Tab")
        browser_page.wait_for_timeout(100)
        assert parse_qs(urlsplit(browser_page.url).query) == {"first_seed": ["3"]}
    browser_page.get_by_role("tab").last.click()  # another view, of the run that is still seed 3's
    browser_page.wait_for_timeout(1_000)
    assert parse_qs(urlsplit(browser_page.url).query)["first_seed"] == ["3"]
    expect(seed).to_have_value("8")
    expect_said(browser_page, '"Changed, not yet used."')
    entries = history_length(browser_page)
    seed.fill("3")
    seed.press("Enter")
    expect_entries(browser_page, entries + 1)
    expect_said(browser_page, "none")
    sent = parse_qs(urlsplit(browser_page.url).query)
    assert (sent["first_seed"], sent["first_rate"]) == (["3"], ["0.5"])


def test_a_word_typed_on_home_is_one_entry(browser_page: Page, app_url: str) -> None:
    open_settled(browser_page, app_url)
    entries, box = history_length(browser_page), browser_page.get_by_role("textbox", name="A word")
    for number, word in enumerate(("coffee", "tea"), 1):
        box.press("Control+a")
        box.press_sequentially(word, delay=300)  # slow enough for an answer to each letter
        box.press("Enter")
        wait_for_address(browser_page, f"{app_url}/?word={word}")
        expect_entries(browser_page, entries + number)  # a view that was never shown would be none
    browser_page.go_back()
    wait_for_address(browser_page, f"{app_url}/?word=coffee")
    drawn(browser_page, "Map of coffee", "coffee")


def test_what_is_refused_while_one_types_on_leaves_the_address_to_what_is_typed(
    browser_page: Page, app_url: str
) -> None:
    open_settled(browser_page, app_url)
    entries, box = history_length(browser_page), browser_page.get_by_role("textbox", name="A word")
    browser_page.evaluate("""() => {
        const { send } = WebSocket.prototype;  // a slow line
        WebSocket.prototype.send = function (message) { setTimeout(() => send.call(this, message), 700); };
    }""")
    for word, shown in (("coffee", "coffee"), ("qqzz", "coffee")):
        box.press("Control+a")
        box.press_sequentially(word, delay=500)  # most of its beginnings are no words, and each is answered
        browser_page.wait_for_timeout(3_000)
        wait_for_address(browser_page, f"{app_url}/?word={shown}")
    expect_entries(browser_page, entries + 1)


def test_what_a_link_asks_for_in_vain_is_named(browser_page: Page, app_url: str) -> None:
    open_settled(browser_page, f"{app_url}/Neighbors?map=banana&wrod=tea&size=30")
    notice = browser_page.get_by_text("Ignored in this page’s address")
    expect(notice).to_contain_text("map=banana")
    expect(notice).to_contain_text("wrod=tea")
    expect(notice).not_to_contain_text("size")


def test_back_and_forward_between_pages_keep_a_name_that_both_have(browser_page: Page, app_url: str) -> None:
    """Streamlit drops from a page's address what another page has an input of the same name for."""
    chosen = browser_page.locator(".st-key-vectors input").first
    open_settled(browser_page, f"{app_url}/Neighbors?vectors=Wikipedia, counted")
    browser_page.get_by_test_id("stSidebarNavLink").filter(has_text="Analogies").click()
    browser_page.wait_for_url("**/Analogies?vectors=*")
    settle(browser_page)
    for step, page_name in ((browser_page.go_back, "Neighbors"), (browser_page.go_forward, "Analogies")):
        step()
        browser_page.wait_for_url(f"**/{page_name}?*")
        settle(browser_page)
        expect(chosen).to_have_value("Wikipedia, counted")
        browser_page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("vectors") == ["Wikipedia, counted"])


def test_back_from_listed_words_finds_the_number_of_words_again(browser_page: Page, app_url: str) -> None:
    address = f"{app_url}/Neighbors?map=PCA&size=20"
    open_settled(browser_page, address)
    size, entries = browser_page.get_by_role("slider", name="Words on the map"), history_length(browser_page)
    expect(size).to_have_value("20")
    browser_page.get_by_role("button", name="Animals by size and danger").click()
    expect(size).to_have_count(0)
    expect_entries(browser_page, entries + 1)
    listed = browser_page.url
    browser_page.go_back()
    expect(size).to_have_value("20")
    wait_for_address(browser_page, address)
    expect(browser_page.get_by_test_id("stAlert")).to_have_count(0)
    browser_page.go_forward()
    expect(size).to_have_count(0)
    wait_for_address(browser_page, listed)
