package doctor

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// lasted writes how long something took or how far off it is: as Go does in English, "1 ч 5 мин" in Russian, at
// most two units, those of zero left out.
func (c *report) lasted(d time.Duration) string {
	if !c.russian {
		return d.String()
	}
	const day = 24 * time.Hour
	switch d = d.Abs(); {
	case d < time.Minute:
		return comma(strconv.FormatFloat(d.Seconds(), 'f', -1, 64)) + nbsp + "с"
	case d < time.Hour:
		return twoUnits(d, time.Minute, "мин", time.Second, "с")
	case d < 2*day:
		return twoUnits(d, time.Hour, "ч", time.Minute, "мин")
	default:
		return twoUnits(d, day, "дн.", time.Hour, "ч")
	}
}

// nbsp keeps a number with its unit.
const nbsp = "\u00a0"

func twoUnits(d, large time.Duration, largeName string, small time.Duration, smallName string) string {
	text := fmt.Sprintf("%d%s%s", d/large, nbsp, largeName)
	if rest := d % large / small; rest > 0 {
		text += fmt.Sprintf("%s%d%s%s", nbsp, rest, nbsp, smallName)
	}
	return text
}

// daysAgo is "1 day ago", "5 days ago"; "1 день назад", "5 дней назад".
func (c *report) daysAgo(n int) string {
	if c.russian {
		return fmt.Sprintf("%d%s%s назад", n, nbsp, plural(n, "день", "дня", "дней"))
	}
	if n == 1 {
		return "1 day ago"
	}
	return fmt.Sprintf("%d days ago", n)
}

// plural picks the Russian form for 1, 2 to 4, and 5 and more.
func plural(n int, one, few, many string) string {
	switch {
	case n%100 >= 11 && n%100 <= 14, n%10 == 0, n%10 >= 5:
		return many
	case n%10 == 1:
		return one
	default:
		return few
	}
}

// gibibytes are 2^30 bytes with one digit after the point, or the comma.
func (c *report) gibibytes(bytes uint64) string {
	s := fmt.Sprintf("%.1f", float64(bytes)/(1<<30))
	if c.russian {
		return comma(s) + nbsp + "ГиБ"
	}
	return s + " GiB"
}

func comma(number string) string { return strings.Replace(number, ".", ",", 1) }
