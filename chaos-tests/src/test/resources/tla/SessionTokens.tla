--------------------------- MODULE SessionTokens ---------------------------
(* Sessions that roam between regions with a token: a version vector. A region serves a session once it covers the token. A write waits for that   *)
(* too, takes a stamp above all that the region has applied, and carries the vector of what its session knows; a read's token takes over the       *)
(* vector of what it saw. Checked: a session never sees of a key less than it knows, by its own reads and writes and by those of the sessions whose *)
(* writes it saw (read your writes, monotonic reads, monotonic writes, writes follow reads). Deviation: no two stamps are equal; in the database    *)
(* the region decides between equal ones.                                                                                                          *)
EXTENDS Naturals, FiniteSets

CONSTANTS
    Regions, Sessions, Keys,
    MostWrites, MostStamp,
    Waits,      \* whether a region waits for the token; FALSE must fail
    Inherits    \* whether a read takes over the version's whole vector; FALSE must fail: scenario S27

VARIABLES
    written,    \* all versions that any region has stamped
    covers,     \* covers[r][o]: r has applied all of o's versions up to this stamp
    token,      \* token[s][r]: what a session asks for
    knows,      \* knows[s][k]: the stamp that a session must see of a key (history variable: no machine has it)
    last        \* what the last read showed, and had to show

vars == <<written, covers, token, knows, last>>

Max(a, b) == IF a > b THEN a ELSE b
Zero == [r \in Regions |-> 0]
Join(v, w) == [r \in Regions |-> Max(v[r], w[r])]
Applied(r) == {v \in written : v.region = r \/ v.stamp <= covers[r][v.region]}
Nothing == [stamp |-> 0, vector |-> Zero, knows |-> [k \in Keys |-> 0]]
Shown(r, k) ==
    LET all == {v \in Applied(r) : v.key = k}
    IN IF all = {} THEN Nothing ELSE CHOOSE v \in all : \A w \in all : w.stamp <= v.stamp
Serves(r, s) == Waits => \A o \in Regions \ {r} : covers[r][o] >= token[s][o]

Init ==
    /\ written = {}
    /\ covers = [r \in Regions |-> Zero]
    /\ token = [s \in Sessions |-> Zero]
    /\ knows = [s \in Sessions |-> [k \in Keys |-> 0]]
    /\ last = [shown |-> 0, due |-> 0]

Write(s, r, k, stamp) ==
    /\ Cardinality(written) < MostWrites
    /\ Serves(r, s)
    /\ \A v \in Applied(r) : v.stamp < stamp
    /\ \A v \in written : v.stamp # stamp
    /\ LET vector == [Join(token[s], Shown(r, k).vector) EXCEPT ![r] = stamp]
           known == [knows[s] EXCEPT ![k] = Max(@, stamp)]
       IN /\ written' = written \cup {[key |-> k, stamp |-> stamp, region |-> r, vector |-> vector, knows |-> known]}
          /\ token' = [token EXCEPT ![s] = [Join(@, vector) EXCEPT ![r] = stamp]]
          /\ knows' = [knows EXCEPT ![s] = known]
    /\ UNCHANGED <<covers, last>>

Read(s, r, k) ==
    /\ Serves(r, s)
    /\ LET v == Shown(r, k)
           own == IF v = Nothing THEN Zero ELSE [Zero EXCEPT ![v.region] = v.stamp]
       IN /\ last' = [shown |-> v.stamp, due |-> knows[s][k]]
          /\ token' = [token EXCEPT ![s] = Join(@, IF Inherits THEN v.vector ELSE own)]
          /\ knows' = [knows EXCEPT ![s] = [j \in Keys |-> Max(@[j], Max(v.knows[j], IF j = k THEN v.stamp ELSE 0))]]
    /\ UNCHANGED <<written, covers>>

(* Versions of a region arrive in the order of their stamps. *)
Pull(r, o) ==
    \E v \in written :
        /\ v.region = o
        /\ v.stamp > covers[r][o]
        /\ \A w \in written : w.region = o /\ w.stamp > covers[r][o] => v.stamp <= w.stamp
        /\ covers' = [covers EXCEPT ![r][o] = v.stamp]
        /\ UNCHANGED <<written, token, knows, last>>

Next ==
    \/ \E s \in Sessions, r \in Regions, k \in Keys : Read(s, r, k)
    \/ \E s \in Sessions, r \in Regions, k \in Keys, stamp \in 1..MostStamp : Write(s, r, k, stamp)
    \/ \E r \in Regions, o \in Regions : r # o /\ Pull(r, o)

Spec == Init /\ [][Next]_vars

SessionSeesWhatItKnows == last.shown >= last.due
=============================================================================
