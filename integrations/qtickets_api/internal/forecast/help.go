package forecast

// State says whether a show to come needs help. Whether it is sold out its seats tell, not its curve.
type State string

// The states. With a plan, the chance to end below it decides.
const (
	OnCourse State = "on_course" // below 30 %
	MayMiss  State = "may_miss"  // 30 to 70 %
	WillMiss State = "will_miss" // above 70 %
	TooEarly State = "too_early" // too little is known to tell a chance
	Unknown  State = "unknown"   // no plan
)

const (
	mayMissFrom  = 0.3
	willMissFrom = 0.7
)

// Judge says whether a show will reach its plan of tickets (0: none), and the chance that it ends below; the chance is
// 0 where the state does not come from it.
func (f *Forecast) Judge(plan int64) (State, float64) {
	if plan <= 0 {
		return Unknown, 0
	}
	chance, told := f.ChanceBelow(plan)
	switch {
	case !told:
		return TooEarly, 0
	case chance > willMissFrom:
		return WillMiss, chance
	case chance >= mayMissFrom:
		return MayMiss, chance
	}
	return OnCourse, chance
}
