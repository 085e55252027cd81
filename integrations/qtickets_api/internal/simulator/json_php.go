package simulator

import (
	"strconv"
	"unicode/utf8"
)

// phpWriter appends JSON the way PHP's json_encode does by default: non-ASCII letters as \uXXXX, slashes
// as \/, no spaces (section 2). Keys must be plain ASCII.
type phpWriter struct {
	b []byte
	// offset of timestamps from UTC in seconds: the account's, never the venue's (section 15).
	offset int64
	// withoutScheme leaves scheme_properties out, for answers that would drop it anyway.
	withoutScheme bool
}

// comma separates from what stands before, if anything does.
func (p *phpWriter) comma() {
	if n := len(p.b); n > 0 {
		switch p.b[n-1] {
		case '{', '[', ':':
		default:
			p.b = append(p.b, ',')
		}
	}
}

func (p *phpWriter) key(k string) {
	p.comma()
	p.b = append(append(append(p.b, '"'), k...), '"', ':')
}

func (p *phpWriter) open(bracket byte)  { p.comma(); p.b = append(p.b, bracket) }
func (p *phpWriter) close(bracket byte) { p.b = append(p.b, bracket) }

func (p *phpWriter) object(k string) { p.key(k); p.b = append(p.b, '{') }
func (p *phpWriter) array(k string)  { p.key(k); p.b = append(p.b, '[') }

func (p *phpWriter) raw(k, v string)          { p.key(k); p.b = append(p.b, v...) }
func (p *phpWriter) null(k string)            { p.raw(k, "null") }
func (p *phpWriter) empty(k string)           { p.raw(k, "[]") }
func (p *phpWriter) str(k, v string)          { p.key(k); p.b = appendPHPString(p.b, v) }
func (p *phpWriter) int(k string, v int64)    { p.key(k); p.b = strconv.AppendInt(p.b, v, 10) }
func (p *phpWriter) bool(k string, v bool)    { p.key(k); p.b = strconv.AppendBool(p.b, v) }
func (p *phpWriter) money(k string, v int64)  { p.key(k); p.b = appendMoney(p.b, v) }
func (p *phpWriter) moment(k string, v int64) { p.key(k); p.b = appendMoment(p.b, v, p.offset) }

// flag is a PHP 0/1 where a bool is meant (section 9).
func (p *phpWriter) flag(k string, v bool) {
	if v {
		p.raw(k, "1")
	} else {
		p.raw(k, "0")
	}
}

// strOrNull writes null for "".
func (p *phpWriter) strOrNull(k, v string) {
	if v == "" {
		p.null(k)
	} else {
		p.str(k, v)
	}
}

// appendMoney writes kopecks as PHP writes a float: 900, 900.5, 900.05.
func appendMoney(b []byte, kopecks int64) []byte {
	if kopecks < 0 {
		b, kopecks = append(b, '-'), -kopecks
	}
	b = strconv.AppendInt(b, kopecks/100, 10)
	switch rest := kopecks % 100; {
	case rest == 0:
		return b
	case rest%10 == 0:
		return append(b, '.', byte('0'+rest/10))
	default:
		return append(b, '.', byte('0'+rest/10), byte('0'+rest%10))
	}
}

// appendMoment writes "2030-05-01T12:00:00+03:00" in quotes, or null for 0.
func appendMoment(b []byte, moment, offset int64) []byte {
	if moment == 0 {
		return append(b, "null"...)
	}
	local := moment + offset
	year, month, date := civil(floorDiv(local, day))
	clock := local - floorDiv(local, day)*day
	b = append(b, '"', byte('0'+year/1000), byte('0'+year/100%10), byte('0'+year/10%10), byte('0'+year%10), '-')
	b = append(append2(append(append2(b, month), '-'), date), 'T')
	b = append2(append(append2(append(append2(b, clock/hour), ':'), clock/minute%60), ':'), clock%60)
	sign := byte('+')
	if offset < 0 {
		sign, offset = '-', -offset
	}
	b = append(b, sign, byte('0'+offset/36000), byte('0'+offset/3600%10), ':')
	return append(b, byte('0'+offset%3600/600), byte('0'+offset%600/60), '"')
}

func append2(b []byte, n int64) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }

func floorDiv(a, b int64) int64 {
	if q := a / b; a%b >= 0 {
		return q
	}
	return a/b - 1
}

// civil turns days since 1970 into a date of the Gregorian calendar, years 0 to 9999. A page of orders has
// thousands of timestamps, and time.Time spends most of a page's time on them.
func civil(days int64) (year, month, date int64) {
	days += 719468 // since 0000-03-01
	era := floorDiv(days, 146097)
	ofEra := days - era*146097
	yearOfEra := (ofEra - ofEra/1460 + ofEra/36524 - ofEra/146096) / 365
	ofYear := ofEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	shifted := (5*ofYear + 2) / 153
	date = ofYear - (153*shifted+2)/5 + 1
	month = shifted + 3
	if month > 12 {
		month -= 12
	}
	year = yearOfEra + era*400
	if month <= 2 {
		year++
	}
	return year, month, date
}

const hexDigits = "0123456789abcdef"

func appendPHPString(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\' || r == '/':
			b = append(b, '\\', byte(r))
		case r >= ' ' && r < utf8.RuneSelf && r != 0x7f:
			b = append(b, byte(r))
		case r == 0x7f:
			b = append(b, 0x7f)
		case r == '\n':
			b = append(b, '\\', 'n')
		case r == '\r':
			b = append(b, '\\', 'r')
		case r == '\t':
			b = append(b, '\\', 't')
		case r == '\b':
			b = append(b, '\\', 'b')
		case r == '\f':
			b = append(b, '\\', 'f')
		case r > 0xffff:
			r -= 0x10000
			b = appendUnicode(b, 0xd800+r>>10)
			b = appendUnicode(b, 0xdc00+r&0x3ff)
		default:
			b = appendUnicode(b, r)
		}
	}
	return append(b, '"')
}

func appendUnicode(b []byte, r rune) []byte {
	return append(b, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}
