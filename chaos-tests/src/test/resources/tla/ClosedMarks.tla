---------------------------- MODULE ClosedMarks ----------------------------
(* One group's hybrid clock, its closed marks, and a link that pulls from it. A leader stamps a write above all it has stamped and closed, and       *)
(* proposes it; the log decides later, in the order of proposals. A closed mark promises that nothing at or below it will be written any more; it   *)
(* is an entry of the log like a write, and below everything proposed and not yet decided. A new leader begins with what the log holds, whatever its *)
(* wall clock says. A pull takes what the feed has above the cursor, and moves the cursor to the newest mark. Checked: a cursor never passes a       *)
(* write that the other side hasn't got; the feed ascends.                                                                                         *)
EXTENDS Naturals, Sequences

CONSTANTS
    MostTime, MostWrites,
    RaisesAboveClosed,   \* whether a stamp exceeds the closed mark; FALSE must fail
    MindsProposed,       \* whether a mark stays below what is proposed; FALSE must fail
    RestoresFromLog      \* whether a new leader's clock begins above the log; FALSE must fail: scenario S3

VARIABLES
    wall,        \* the leader's wall clock: goes anywhere
    stamped,     \* the highest stamp that this leader has given
    proposed,    \* stamps under way, in order
    feed,        \* stamps that are decided, in order
    closed,      \* the newest mark in the log
    cursor,      \* up to where the link has pulled
    applied      \* what arrived on the other side

vars == <<wall, stamped, proposed, feed, closed, cursor, applied>>

Max(a, b) == IF a > b THEN a ELSE b
Range(sequence) == {sequence[n] : n \in DOMAIN sequence}
Highest(sequence) == IF sequence = <<>> THEN 0 ELSE CHOOSE top \in Range(sequence) : \A other \in Range(sequence) : other <= top

Init ==
    /\ wall = 0 /\ stamped = 0 /\ proposed = <<>> /\ feed = <<>> /\ closed = 0 /\ cursor = 0 /\ applied = {}

Tick == \E t \in 0..MostTime : wall' = t /\ UNCHANGED <<stamped, proposed, feed, closed, cursor, applied>>

Propose ==
    LET floor == Max(stamped, IF RaisesAboveClosed THEN closed ELSE 0)
        stamp == Max(wall, floor + 1)
    IN /\ Len(feed) + Len(proposed) < MostWrites
       /\ stamp <= MostTime + MostWrites
       /\ stamped' = stamp
       /\ proposed' = Append(proposed, stamp)
       /\ UNCHANGED <<wall, feed, closed, cursor, applied>>

Decide ==
    /\ proposed # <<>>
    /\ feed' = Append(feed, Head(proposed))
    /\ proposed' = Tail(proposed)
    /\ UNCHANGED <<wall, stamped, closed, cursor, applied>>

Close ==
    \E mark \in (closed + 1)..MostTime :
        /\ mark <= wall
        /\ MindsProposed => \A n \in DOMAIN proposed : mark < proposed[n]
        /\ closed' = mark
        /\ UNCHANGED <<wall, stamped, proposed, feed, cursor, applied>>

(* What the old leader had proposed is lost, or was decided before. *)
Lead ==
    /\ stamped' = IF RestoresFromLog THEN Max(Highest(feed), closed) ELSE 0
    /\ proposed' = <<>>
    /\ UNCHANGED <<wall, feed, closed, cursor, applied>>

Pull ==
    /\ applied' = applied \cup {stamp \in Range(feed) : stamp > cursor}
    /\ cursor' = Max(cursor, closed)
    /\ UNCHANGED <<wall, stamped, proposed, feed, closed>>

Next == Tick \/ Propose \/ Decide \/ Close \/ Lead \/ Pull

Spec == Init /\ [][Next]_vars

CursorPassesNothing == \A stamp \in Range(feed) : stamp <= cursor => stamp \in applied
FeedAscends == \A n \in 1..(Len(feed) - 1) : feed[n] < feed[n + 1]
=============================================================================
