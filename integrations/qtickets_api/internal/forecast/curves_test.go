package forecast

import (
	"math"
	"strings"
	"testing"
)

func TestParseCurves(t *testing.T) {
	t.Parallel()
	const head = "show,date,days_left,sold\n"
	for _, c := range []struct{ name, text, want string }{
		{"good", head + "1,2030-01-02,3,5\n1,2030-01-02,1,-2\n", ""},
		{"a mark of the byte order, lines of Windows", "\ufeffshow,date,days_left,sold\r\n1,2030-01-02,3,5\r\n", ""},
		{"other order, quotes, spaces, empty lines", "sold,\"days_left\", date ,show\n\n 5 ,3,2030-01-02,\"a, b\"\n\n", ""},
		{"another column", "show,date,days_left,sold,hall\n1,2030-01-02,3,5,x\n", ""},
		{"capacity in one line only", "show,date,days_left,sold,capacity\n1,2030-01-02,3,5,\n1,2030-01-02,2,5,20\n", ""},
		{"nothing", "", "empty"},
		{"only a mark", "\ufeff", "empty"},
		{"only a header", head, "no shows"},
		{"another alphabet", "show,date\xff", "not UTF-8"},
		{"semicolons", "show;date;days_left;sold\n1;2030-01-02;3;5\n", "line 1: no column show, date, days_left, sold"},
		{"a column missing", "show,date,sold\n1,2030-01-02,5\n", "line 1: no column days_left"},
		{"a column twice", "show,date,days_left,sold,sold\n", "line 1: two columns sold"},
		{"a line cut off", head + "1,2030-01-02,3,5\n1,2030-01-02\n", "line 3: 2 columns, the first line has 4"},
		{"an open quote", head + "1,2030-01-02,3,5\n\"1,2030-01-02,3,5\n",
			"line 3: extraneous or missing \" in quoted-field"},
		{"no show", head + ",2030-01-02,3,5\n", "line 2: no show"},
		{"a date of another country", head + "1,02.01.2030,3,5\n", `line 2: date "02.01.2030": write it as 2006-01-02`},
		{"a day that is not", head + "1,2030-02-30,3,5\n", "line 2: date"},
		{"after the show", head + "1,2030-01-02,-3,5\n", `line 2: days_left "-3": write a whole number from 0 to 10000`},
		{"half a ticket", head + "1,2030-01-02,3,5.5\n", `line 2: sold "5.5": write a whole number`},
		{"no number", head + "1,2030-01-02,3,NaN\n", `line 2: sold "NaN"`},
		{"too large", head + "1,2030-01-02,3,99999999999999999999\n", "line 2: sold"},
		{"a line twice", head + "1,2030-01-02,3,5\n2,2030-01-02,3,5\n1,2030-01-02,3,6\n",
			`line 4: show "1" with 3 days left stands in line 2 too`},
		{"two dates", head + "1,2030-01-02,3,5\n1,2030-01-03,2,5\n", `line 3: show "1" is on 2030-01-03 here and on 2030-01-02`},
		{"two capacities", "show,date,days_left,sold,capacity\n1,2030-01-02,3,5,20\n1,2030-01-02,2,5,30\n",
			`line 3: show "1" has a capacity of 30 here and of 20 before`},
		{"no places", "show,date,days_left,sold,capacity\n1,2030-01-02,3,5,0\n", `line 2: capacity "0"`},
		{"two plans", "show,date,days_left,sold,plan\n1,2030-01-02,3,5,20\n1,2030-01-02,2,5,30\n",
			"line 3: show \"1\" has a plan"},
		{"a plan below 0", "show,date,days_left,sold,plan\n1,2030-01-02,3,5,-1\n", `line 2: plan "-1"`},
		{"more given back than sold", head + "1,2030-01-02,3,5\n1,2030-01-02,1,-6\n", `line 2: show "1", which begins here, sold -1`},
		{"many", head + strings.Repeat("1,x,3,5\n", 30), "and 20 more"},
	} {
		curves, err := ParseCurves([]byte(c.text))
		if got := errorText(err); (c.want == "") != (err == nil) || !strings.Contains(got, c.want) {
			t.Errorf("%s: %s, want %q", c.name, got, c.want)
		}
		if err == nil && len(curves.Shows) != 1 {
			t.Errorf("%s: %+v", c.name, curves)
		}
	}
	curves, err := ParseCurves([]byte("show,date,days_left,sold,capacity,plan,x\n" +
		"a,2030-01-02,1,-2,20,15,\nb,2030-01-03,0,1,,,\na,2030-01-02,3,5,20,15,\n"))
	if err != nil || len(curves.Shows) != 2 || curves.Unused[0] != "x" || curves.Plans["a"] != 15 ||
		len(curves.Plans) != 1 {
		t.Fatalf("%+v %v", curves, err)
	}
	if a := curves.Shows[0]; a.Capacity != 20 || a.Final() != 3 || SoldAt(a.Curve, 2) != 5 || SoldAt(a.Curve, 4) != 0 {
		t.Errorf("%+v", a)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// FuzzCurves: whatever a file holds, it is refused, or gives forecasts that are numbers.
func FuzzCurves(f *testing.F) {
	f.Add([]byte("show,date,days_left,sold,capacity,plan\n1,2030-01-02,70,5,20,9\n" +
		"2,2030-03-02,3,5,,\n3,2030-06-02,3,5,,\n" +
		"4,2030-09-02,3,-5,,\n4,2030-09-02,2,5,,\n5,2030-12-02,3,5,20,4\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		curves, err := ParseCurves(text)
		if err != nil {
			return
		}
		trials := Backtest(curves.Shows)
		for _, trial := range trials {
			chance, _ := trial.ChanceBelow(curves.Plans[trial.Show.ID])
			if math.IsNaN(chance) || trial.Expected < 0 || (trial.Why == Offered) != (trial.Basis != "") {
				t.Fatalf("%+v", trial)
			}
		}
		for _, d := range Horizons {
			for _, x := range []*float64{RecordOf(d, trials).WAPE, RecordOf(d, trials).RatioWAPE} {
				if x != nil && (math.IsNaN(*x) || math.IsInf(*x, 0)) {
					t.Fatalf("%+v", RecordOf(d, trials))
				}
			}
		}
	})
}
