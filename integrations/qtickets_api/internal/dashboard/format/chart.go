package format

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
)

// Chart is a time series for uPlot, drawn from ready figures and ready texts: point i is row i of the table
// beside it, which is also what the cursor reads aloud.
type Chart struct {
	// X are the places of the points; nil means 0, 1, 2 ...
	X []float64 `json:"x,omitempty"`
	// From and To are the ends of the axis.
	From float64 `json:"from"`
	To   float64 `json:"to"`
	// Series in drawing order.
	Series []Series   `json:"s"`
	XTicks []AxisTick `json:"xt"`
	YTicks []AxisTick `json:"yt"`
	// Low and High are the ends of the value axis, Low below zero where something was given back.
	Low  float64 `json:"low,omitempty"`
	High float64 `json:"high"`
	// Gaps are points where nothing was loaded: hatched, because nothing is known there.
	Gaps []int `json:"gaps,omitempty"`
	// Now is the place of the watermark.
	Now *float64 `json:"now,omitempty"`
	// Levels are horizontal lines over the whole width, each with its label.
	Levels []AxisTick `json:"levels,omitempty"`
	// Ends are labels at the right end, the highest first.
	Ends []AxisTick `json:"ends,omitempty"`
	// Bracket are two values that a bracket at the right end joins.
	Bracket []float64 `json:"bracket,omitempty"`
	// Cuts are the bars that are longer than the axis, from left to right; their values in Series end with it.
	Cuts []Cut `json:"cuts,omitempty"`
}

// Cut is a bar that is cut off, with its value.
type Cut struct {
	Point int
	Text  string
	// Down tells that the bar goes below zero.
	Down bool
}

// MarshalJSON writes a cut as a list, like a tick.
func (c Cut) MarshalJSON() ([]byte, error) {
	if c.Down {
		return json.Marshal([]any{c.Point, c.Text, 1})
	}
	return json.Marshal([]any{c.Point, c.Text})
}

// Series is one line, bar row or edge of a band.
type Series struct {
	// Style is "this", "past", "faint", "low", "high", "next" and "need", or "bars", "openbars" and "badbars".
	Style string `json:"l"`
	// Values; nil leaves a hole.
	Values []*float64 `json:"v"`
}

// AxisTick is a place on an axis and its ready label.
type AxisTick struct {
	At   float64
	Text string
}

// MarshalJSON writes a tick as a pair: there are many.
func (t AxisTick) MarshalJSON() ([]byte, error) { return json.Marshal([]any{t.At, t.Text}) }

// JSON is the chart for its attribute on the page.
func (c Chart) JSON() (string, error) {
	data, err := json.Marshal(c)
	return string(data), err
}

// When bars are cut, and where: by the length under which all bars up but one in twenty are.
const (
	lengthOfMost = 0.95
	cutsFrom     = 2.5
	cutAt        = 1.15
)

// CutBars cuts what is much longer than nearly all bars, so that one day leaves the others their shape. It comes before
// Scale. Fewer than 20 bars up are never cut at one of them: there is no "nearly all".
func (c *Chart) CutBars(label func(float64) string) {
	var ups []float64
	longest := 0.0
	c.eachBar(func(_ int, v **float64) {
		longest = max(longest, math.Abs(**v))
		if **v > 0 {
			ups = append(ups, **v)
		}
	})
	if len(ups) == 0 {
		return
	}
	slices.Sort(ups)
	most := ups[int(math.Ceil(lengthOfMost*float64(len(ups))))-1]
	if longest <= cutsFrom*most {
		return
	}
	c.eachBar(func(i int, v **float64) {
		if x := **v; math.Abs(x) > cutAt*most {
			c.Cuts = append(c.Cuts, Cut{i, label(math.Abs(x)), x < 0})
			*v = new(math.Copysign(cutAt*most, x))
		}
	})
	slices.SortStableFunc(c.Cuts, func(a, b Cut) int { return a.Point - b.Point })
}

func (c *Chart) eachBar(do func(point int, v **float64)) {
	for _, s := range c.Series {
		for i := range s.Values {
			if strings.HasSuffix(s.Style, "bars") && s.Values[i] != nil {
				do(i, &s.Values[i])
			}
		}
	}
}

// Scale puts two to six round places on the value axis, which ends a little above the highest value.
func (c *Chart) Scale(label func(float64) string) {
	low, high := 0.0, 0.0
	for _, at := range c.Levels {
		high = max(high, at.At)
	}
	for _, at := range c.Bracket {
		high = max(high, at)
	}
	for _, s := range c.Series {
		for _, v := range s.Values {
			if v != nil {
				low, high = min(low, *v), max(high, *v)
			}
		}
	}
	step := roundStep((high - low) / 4)
	c.Low, c.High = low*1.15, max(high*1.06, step)
	for _, cut := range c.Cuts { // such a bar reaches the end
		if cut.Down {
			c.Low = low
		} else {
			c.High = high
		}
	}
	for i := math.Ceil(low / step); i*step <= c.High; i++ {
		c.YTicks = append(c.YTicks, AxisTick{i * step, label(i * step)})
	}
}

// roundStep is the first of 1, 2, 5, 10, 20, 50 ... that is not smaller. Tickets and roubles are whole, so it
// is never below one.
func roundStep(x float64) float64 {
	step := 1.0
	for {
		for _, of := range []float64{1, 2, 5} {
			if of*step >= x {
				return of * step
			}
		}
		if math.IsInf(step, 1) {
			return step
		}
		step *= 10
	}
}
