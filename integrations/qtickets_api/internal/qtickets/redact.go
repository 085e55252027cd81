package qtickets

import (
	"bytes"
	"regexp"
)

// The first two patterns also match the percent-encoded forms of "@", "." and "+", because a UTM parameter may
// be a piece of an address line. Bare digits are usually campaign ids, so without a plus only a Russian mobile
// number is a phone, and a card number must have sixteen digits and the right check digit.
var (
	emailPattern  = regexp.MustCompile(`[^\s@,;:|/?&=<>"'()]+(?:@|%40)[^\s@,;:|/?&=<>"'()]+(?:\.|%2[eE])[^\s@,;:|/?&=<>"'()]+`)
	phonePattern  = regexp.MustCompile(`(?:\+|%2[bB])[\s().-]*\d(?:[\s().-]*\d){9,}`)
	digitsPattern = regexp.MustCompile(`\d{11,}`)
)

// redact replaces e-mails, phone numbers and card numbers by "[email]", "[phone]" and "[card]".
func redact(text []byte) []byte {
	if bytes.IndexByte(text, '@') >= 0 || bytes.IndexByte(text, '+') >= 0 || bytes.IndexByte(text, '%') >= 0 {
		text = emailPattern.ReplaceAll(text, []byte("[email]"))
		text = phonePattern.ReplaceAll(text, []byte("[phone]"))
	}
	if len(text) < 11 {
		return text
	}
	return digitsPattern.ReplaceAllFunc(text, func(run []byte) []byte {
		switch {
		case len(run) == 11 && (run[0] == '7' || run[0] == '8') && run[1] == '9':
			return []byte("[phone]")
		case len(run) == 16 && run[0] >= '2' && run[0] <= '6' && validLuhn(run):
			return []byte("[card]")
		}
		return run
	})
}

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
