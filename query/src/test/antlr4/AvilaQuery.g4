// The query language as a specification. The parser in production is written by hand; LanguageOracleProperties generates sentences from this
// grammar and requires both parsers to give equal trees.
grammar AvilaQuery;

options { caseInsensitive = true; }

wholeStatement: (EXPLAIN ANALYZE?)? (select | update | deletion) ';'? EOF;

select: SELECT DISTINCT? projection FROM collection moreSources* asOf? where? groupBy? having? orderBy? limit? offset?
      | SELECT DISTINCT? top projection FROM collection moreSources* asOf? where? groupBy? having? orderBy? offset?;
subquery: SELECT DISTINCT? projection FROM element moreSources* asOf? where? groupBy? having? orderBy? limit? offset?;
update: UPDATE collection SET assignment (',' assignment)* where?;
deletion: DELETE FROM collection where?;

top: TOP (NUMBER | PARAMETER);
projection: items | VALUE expression;
items: item (',' item)*;
item: STAR | expression (AS name)?;
collection: name alias?;
moreSources: (',' | JOIN) element;
element: name IN operand | UNNEST '(' operand ')' alias? | operand alias?;
alias: AS aliasName | bareAlias;
asOf: AS OF expression;
where: WHERE expression;
groupBy: GROUP BY expression (',' expression)*;
having: HAVING expression;
orderBy: ORDER BY order (',' order)*;
order: expression (ASC | DESC)?;
limit: LIMIT expression;
offset: OFFSET expression;
assignment: name ('.' step)* '=' expression;

expression: conjunction (OR conjunction)*;
conjunction: negation (AND negation)*;
negation: NOT negation | comparison;
comparison: operand (compared | isTest | inList | inArray | between | like)?;
compared: ('=' | '==' | '!=' | '<>' | '<' | '<=' | '>' | '>=') operand;
isTest: IS NOT? (NULL | MISSING | DEFINED);
inList: NOT? IN '(' expression (',' expression)* ')';
inArray: NOT? IN plainPath;
between: NOT? BETWEEN operand AND operand;
like: NOT? LIKE operand (ESCAPE operand)?;
operand: sum ('||' sum)*;
sum: product (('+' | MINUS) product)*;
product: factor ((STAR | '/' | '%') factor)*;
factor: MINUS factor | path;
path: primary pathStep*;
plainPath: plainPrimary pathStep*;
pathStep: '.' step | '[' expression ']';

primary: plainPrimary | NULL | TRUE | FALSE | NUMBER | STRING | object | '(' expression ')' | caseWhen | exists;
plainPrimary: PARAMETER | arrayQuery | call | fieldName | array;
array: '[' (expression (',' expression)*)? ']';
object: '{' (field (',' field)*)? '}';
field: (step | STRING) ':' expression;
caseWhen: CASE branch+ (ELSE expression)? END;
branch: WHEN expression THEN expression;
exists: EXISTS '(' subquery ')';
arrayQuery: ARRAY '(' subquery ')';
call: callName '(' (STAR | DISTINCT? (expression (',' expression)*)?) ')';

// After a dot every word is a name.
step: QUOTED | WORD | contextual | VALUE | UNNEST | SET | ORDER | GROUP | OF | WHEN | reserved;
name: QUOTED | WORD | contextual | VALUE | UNNEST | SET | ORDER | GROUP | OF | WHEN;
// A field named case is back-quoted: before WHEN the word begins a CASE.
fieldName: QUOTED | WORD | notCase | VALUE | UNNEST | SET | ORDER | GROUP | OF | WHEN;
callName: WORD | contextual | SET | ORDER | GROUP | OF | WHEN;
aliasName: QUOTED | WORD | contextual | VALUE | UNNEST | SET | ORDER | GROUP | WHEN;
bareAlias: QUOTED | WORD | contextual | VALUE | OF;
contextual: notCase | CASE;
notCase: TOP | ASC | DESC | MISSING | DEFINED | ESCAPE | THEN | ELSE | END | EXISTS | ARRAY | BY | UPDATE | DELETE | EXPLAIN | ANALYZE;
reserved: SELECT | DISTINCT | FROM | WHERE | HAVING | LIMIT | OFFSET | AND | OR | NOT | IN | IS | LIKE | BETWEEN | AS | NULL | TRUE | FALSE | JOIN;

SELECT: 'SELECT'; DISTINCT: 'DISTINCT'; FROM: 'FROM'; WHERE: 'WHERE'; HAVING: 'HAVING'; LIMIT: 'LIMIT'; OFFSET: 'OFFSET'; AND: 'AND';
OR: 'OR'; NOT: 'NOT'; IN: 'IN'; IS: 'IS'; LIKE: 'LIKE'; BETWEEN: 'BETWEEN'; AS: 'AS'; NULL: 'NULL'; TRUE: 'TRUE'; FALSE: 'FALSE';
JOIN: 'JOIN'; TOP: 'TOP'; VALUE: 'VALUE'; UNNEST: 'UNNEST'; SET: 'SET'; ORDER: 'ORDER'; GROUP: 'GROUP'; BY: 'BY'; OF: 'OF'; ASC: 'ASC';
DESC: 'DESC'; MISSING: 'MISSING'; DEFINED: 'DEFINED'; ESCAPE: 'ESCAPE'; CASE: 'CASE'; WHEN: 'WHEN'; THEN: 'THEN'; ELSE: 'ELSE'; END: 'END';
EXISTS: 'EXISTS'; ARRAY: 'ARRAY'; UPDATE: 'UPDATE'; DELETE: 'DELETE'; EXPLAIN: 'EXPLAIN'; ANALYZE: 'ANALYZE';
STAR: '*';
MINUS: '-';
NUMBER: ('0' | [1-9] [0-9]*) ('.' [0-9]+)? ('E' [+\-]? [0-9]+)?;
STRING: '\'' (~'\'' | '\'\'')* '\'';
QUOTED: '`' (~'`' | '``')+ '`';
PARAMETER: '@' [\p{L}_] [\p{L}_0-9$]*;
WORD: [\p{L}_] [\p{L}_0-9$]*;
SPACE: [ \t\r\n]+ -> skip;
