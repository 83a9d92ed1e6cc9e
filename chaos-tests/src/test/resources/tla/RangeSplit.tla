----------------------------- MODULE RangeSplit -----------------------------
(* Ranges of one group split and merge, each by one entry of its log, while routers go on with maps that may be old. A request names the range as its *)
(* router knows it, with its epoch; the group refuses any other, and the router asks for the map again. Checked: ranges part the keys; what was     *)
(* acknowledged is held by the range that owns the key; a read shows what was acknowledged last.                                                    *)
EXTENDS Naturals, FiniteSets

CONSTANTS
    Last,           \* keys are 1..Last
    Routers, MostWrites, MostEpoch,
    ChecksEpoch,    \* whether the group refuses an old epoch; FALSE must fail: the parent's rows are still there to be read
    MovesAll        \* whether a child gets all of its keys; FALSE must fail: it misses its last one

VARIABLES
    ranges,     \* those that serve: start, end (not in it), epoch, and what they hold of each key
    retired,    \* parents, with the rows that nobody has removed yet
    map,        \* map[router]: ranges as a router knows them
    newest,     \* newest[k]: the write of a key that was acknowledged last (history variable)
    writes,
    last        \* what the last read showed, and had to show

vars == <<ranges, retired, map, newest, writes, last>>

Keys == 1..Last
Known(range) == [start |-> range.start, end |-> range.end, epoch |-> range.epoch]
Max(a, b) == IF a > b THEN a ELSE b
Part(range, from, to, epoch) ==
    [start |-> from, end |-> to, epoch |-> epoch,
     rows |-> [k \in Keys |-> IF k >= from /\ k < to /\ (MovesAll \/ k # to - 1) THEN range.rows[k] ELSE 0]]

Init ==
    LET whole == [start |-> 1, end |-> Last + 1, epoch |-> 1, rows |-> [k \in Keys |-> 0]]
    IN /\ ranges = {whole}
       /\ retired = {}
       /\ map = [r \in Routers |-> {Known(whole)}]
       /\ newest = [k \in Keys |-> 0]
       /\ writes = 0
       /\ last = [shown |-> 0, due |-> 0]

Split(range, at) ==
    /\ range.epoch < MostEpoch
    /\ at > range.start /\ at < range.end
    /\ ranges' = (ranges \ {range}) \cup {Part(range, range.start, at, range.epoch + 1), Part(range, at, range.end, range.epoch + 1)}
    /\ retired' = retired \cup {range}
    /\ UNCHANGED <<map, newest, writes, last>>

Merge(left, right) ==
    /\ left.end = right.start
    /\ Max(left.epoch, right.epoch) < MostEpoch
    /\ ranges' = (ranges \ {left, right}) \cup
           {[start |-> left.start, end |-> right.end, epoch |-> Max(left.epoch, right.epoch) + 1,
             rows |-> [k \in Keys |-> IF k < left.end THEN left.rows[k] ELSE right.rows[k]]]}
    /\ retired' = retired \cup {left, right}
    /\ UNCHANGED <<map, newest, writes, last>>

(* Who answers a router: the range of this name and epoch, where it serves; without the check, whatever once had the name. *)
Answering(router, k) ==
    {range \in (IF ChecksEpoch THEN ranges ELSE ranges \cup retired) :
        Known(range) \in map[router] /\ range.start <= k /\ k < range.end}

Write(router, k) ==
    /\ writes < MostWrites
    /\ \E range \in Answering(router, k) \cap ranges :
        /\ ranges' = (ranges \ {range}) \cup {[range EXCEPT !.rows[k] = writes + 1]}
        /\ newest' = [newest EXCEPT ![k] = writes + 1]
        /\ writes' = writes + 1
        /\ UNCHANGED <<retired, map, last>>

Read(router, k) ==
    \E range \in Answering(router, k) :
        /\ last' = [shown |-> range.rows[k], due |-> newest[k]]
        /\ UNCHANGED <<ranges, retired, map, newest, writes>>

Refresh(router) ==
    /\ map' = [map EXCEPT ![router] = {Known(range) : range \in ranges}]
    /\ UNCHANGED <<ranges, retired, newest, writes, last>>

Next ==
    \/ \E range \in ranges, at \in Keys : Split(range, at)
    \/ \E left \in ranges, right \in ranges : Merge(left, right)
    \/ \E router \in Routers : Refresh(router)
    \/ \E router \in Routers, k \in Keys : Write(router, k) \/ Read(router, k)

Spec == Init /\ [][Next]_vars

OneOwner == \A k \in Keys : Cardinality({range \in ranges : range.start <= k /\ k < range.end}) = 1
NothingIsLost == \A range \in ranges : \A k \in range.start..(range.end - 1) : range.rows[k] = newest[k]
ReadsAreFresh == last.shown = last.due
=============================================================================
