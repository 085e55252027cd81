package qtickets

import (
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// scrub replaces e-mails, phone numbers and card numbers in a text by "[email]", "[phone]" and "[card]". Every text
// that is kept passes through it, because people type anything anywhere. What is hidden by encoding is looked for too:
// the text is unescaped first, and where that holds personal data the redacted unescaped form is the result; any other
// text stays as it came. A second time it changes nothing.
func scrub(text string) string {
	if !suspicious(text) {
		return text
	}
	plain := unescape(text)
	clean := redact(plain)
	if clean == plain {
		return text
	}
	for range 5 { // a placeholder may have joined what was apart
		again := redact(clean)
		if again == clean {
			break
		}
		clean = again
	}
	return clean
}

// suspicious is a cheap look at a text: ASCII and Cyrillic letters without a sign of encoding or of an e-mail, and with
// fewer digits than a phone number, hide nothing.
func suspicious(text string) bool {
	digits := 0
	for i := range len(text) {
		switch c := text[i]; {
		case isDigit(c):
			digits++
		case c == '@' || c == '%' || c == '&' || c == '\\':
			return true
		case c < 0x80: // ASCII
		case c >= 0xd0 && c <= 0xd3 || c < 0xc0: // leads a Cyrillic letter, or goes on with a rune
		default:
			return true
		}
	}
	return digits >= fewestDigits
}

// fewestDigits of a phone number or a card.
const fewestDigits = 10

// unescape undoes percent-encoding, the \u0040 of JSON and %u0040 of old scripts, and HTML entities, as often as they
// were applied, full-width and other compatibility forms of Unicode, and what cannot be seen or only looks like a space
// or a dash.
func unescape(text string) string {
	for range 20 {
		plain := norm.NFKC.String(invisible.Replace(html.UnescapeString(percentDecode(codePoints(text)))))
		if plain == text {
			break
		}
		text = plain
	}
	return text
}

var invisible = strings.NewReplacer("\u00ad", "", "\u200b", "", "\u200c", "", "\u200d", "", "\u2060", "", "\ufeff", "",
	"\u2010", "-", "\u2011", "-", "\u2012", "-", "\u2013", "-", "\u2014", "-", "\u2212", "-", "\u00a0", " ")

// codePoints decodes \u0040 and %u0040; surrogates stay, because no mail or number needs them.
func codePoints(text string) string {
	if !strings.Contains(text, "u") {
		return text
	}
	return codePoint.ReplaceAllStringFunc(text, func(escaped string) string {
		n, err := strconv.ParseUint(escaped[2:], 16, 16)
		if r := rune(n); err == nil && utf8.ValidRune(r) {
			return string(r)
		}
		return escaped
	})
}

var codePoint = regexp.MustCompile(`[\\%]u[0-9A-Fa-f]{4}`)

// percentDecode decodes what is percent-encoded in a text; unlike url.PathUnescape it leaves a lone % as it is.
func percentDecode(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	decoded := encoded.ReplaceAllStringFunc(text, func(run string) string {
		plain, err := url.PathUnescape(run)
		if err != nil { // the pattern allows nothing else
			return run
		}
		return plain
	})
	return strings.ToValidUTF8(decoded, "\ufffd")
}

var encoded = regexp.MustCompile(`(?:%[0-9A-Fa-f]{2})+`)

// Patterns of personal data. A phone number is recognised by its plus, by the brackets of its code, by the digit of
// long-distance calls before a mobile code, or by the usual groups of digits. Bare digits are mostly campaign ids: only
// eleven of a Russian mobile number are a phone. A card has sixteen digits, in fours or in one piece, and the right
// check digit.
var (
	emails = regexp.MustCompile(`[^\s@,;:|/?&=<>"'()]+@[^\s@,;:|/?&=<>"'()]+\.[^\s@,;:|/?&=<>"'()]+`)
	phones = regexp.MustCompile(`\+[\s().+_-]{0,4}\d(?:[\s().+_-]{0,4}\d){10,14}` +
		`|(?:[78]` + gap + `)?\(\d{3,5}\)` + gap + `\d(?:[ .+_-]{0,3}\d){4,6}` +
		`|[78]` + gap + `9\d{2}` + gap + `(?:\d{3}` + gap + `\d{2}` + gap + `\d{2}|\d{2}` + gap + `\d{2}` + gap + `\d{3}|` +
		`\d{2}` + gap + `\d{3}` + gap + `\d{2})` +
		`|[78]` + apart + `\d{3}` + apart + `\d{3}` + apart + `\d{2}` + apart + `\d{2}` +
		`|[78]` + apart + `[3489]\d{2}` + apart + `\d{7}` +
		`|9\d{2}` + apart + `\d{3}` + apart + `\d{2}` + apart + `\d{2}`)
	cards = regexp.MustCompile(`[2-6]\d{3}(?:[ .+_-]?\d{4}){3}`)
)

// What may stand between the groups of a phone number, and what must where the groups alone make it one.
const (
	gap   = `[ ./+_-]{0,3}`
	apart = `[ .+_-]{1,3}`
)

// redact replaces personal data that is not encoded.
func redact(text string) string {
	if strings.IndexByte(text, '@') >= 0 {
		text = emails.ReplaceAllString(text, "[email]")
	}
	if len(digitsOf(text)) < fewestDigits {
		return text
	}
	text = replaceNumbers(text, phones, "[phone]", isPhone)
	return replaceNumbers(text, cards, "[card]", isCard)
}

// replaceNumbers replaces what matches, has no further digit on either side, and is really one.
func replaceNumbers(
	text string, pattern *regexp.Regexp, by string, really func(digits []byte, match string) bool,
) string {
	var out strings.Builder
	kept := 0
	for from := 0; from < len(text); {
		at := pattern.FindStringIndex(text[from:])
		if at == nil {
			break
		}
		first, end := from+at[0], from+at[1]
		for text[first] == '+' && end < len(text) && isDigit(text[end]) && end > first+1 {
			end-- // the pattern took a part of the next number
		}
		alone := (first == 0 || !isDigit(text[first-1])) && (end == len(text) || !isDigit(text[end]))
		if !alone || !really(digitsOf(text[first:end]), text[first:end]) {
			from = first + 1
			for from < len(text) && isDigit(text[first]) && isDigit(text[from]) {
				from++ // no number begins within one; and so each is looked at but once
			}
			continue
		}
		out.WriteString(text[kept:first] + by)
		kept, from = end, end
	}
	if kept == 0 {
		return text
	}
	return out.String() + text[kept:]
}

func digitsOf(text string) (digits []byte) {
	for i := range len(text) {
		if isDigit(text[i]) {
			digits = append(digits, text[i])
		}
	}
	return digits
}

// isPhone: a code in brackets and the number have ten digits together.
func isPhone(digits []byte, match string) bool {
	bracket := strings.IndexByte(match, '(')
	switch {
	case match[0] == '+':
		return len(digits) >= 11
	case bracket < 0:
		return true
	}
	return len(digits)-len(digitsOf(match[:bracket])) == 10
}

func isCard(digits []byte, _ string) bool { return validLuhn(digits) }

// validLuhn reports whether the last digit is the right check digit of a card number.
func validLuhn(digits []byte) bool {
	sum := 0
	for i, d := range digits {
		n := int(d - '0')
		if (len(digits)-i)%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}
