"""The replacements of characters that the GSM 7-bit default alphabet lacks: the data of ``transliterate``.

Pure data, read in ``_best_fit``. A row gives the replacement first, then the code points that it replaces, in
hexadecimal; rows and code points are sorted, ``A-B`` is a range. What follows from Unicode's own decompositions and
names is not listed: no ``é`` taken apart, no full-width letter, no letter with a stroke.

Reference: 3GPP TS 23.038, 6.2.1
"""

# Tab, no-break space and the spaces of other widths become a space. EN QUAD and EM QUAD compose to 2002 and 2003.
SPACES = "0009 00A0 1680 2002-200A 202F 205F 3000"

# Line and paragraph separator become a line feed.
LINE_ENDS = "2028 2029"

# Controls without a meaning in a message, which are left out. 0080-009F are read as octets of Windows-1252 where it has
# a character for them: such text is often mistaken for Latin-1.
CONTROLS = "0000-0008 000B 000E-001F 007F"
OCTETS_OF_WINDOWS_1252 = "0080-009F"

# Left out: soft hyphen, zero-width space, joiners, invisible operators, variation selectors, byte order mark, tags.
IGNORED = "00AD 180B-180F 200B-200D 2060-2064 206A-206F FE00-FE0F FEFF E0001 E0020-E007F E0100-E01EF"

# Marks, embeddings, overrides and isolates of the bidirectional algorithm, left out where no letter runs to the left.
DIRECTIONS = "061C 200E 200F 202A-202E 2066-2069"

# Accents and enclosing marks of letters and digits. Not the overlays (0334-0338, 20D2 ...) and not the prohibition sign
# (20E0): what they strike out is meant to be read as struck out.
ACCENTS = (
    "0300-0333 0339-036F 1AB0-1AFF 1DC0-1DFF 20D0 20D1 20D4-20D7 20DB-20DF 20E1-20E4 20E7-20E9 20EC-20F0 FE20-FE2F"
)

# Characters that extend a cluster though they are neither marks nor listed above: Thai and Lao vowel AM, half-width
# voiced sound marks, skin tones.
EXTENDERS = "0E33 0EB3 FF9E FF9F 1F3FB-1F3FF"
SKIN_TONES = "1F3FB-1F3FF"

# Signs that belong to the character after them (Grapheme_Cluster_Break=Prepend).
PREPENDED = (
    "0600-0605 06DD 070F 0890 0891 08E2 0D4E 110BD 110CD 111C2 111C3 113D1 1193F 11941 11A3A 11A84-11A89 11D46 11F02"
)

# Emoji that are not of the categories So and Cn.
PICTOGRAPHS = "203C 2049 2139 2194 25FB-25FE 2934 2935 3030 303D"

# What Unicode calls Emoji, without digits and signs of Latin-1; of the block 1FA70-1FAFF also what is unassigned yet.
EMOJI = (
    "203C 2049 2122 2139 2194-2199 21A9-21AA 231A-231B 2328 23CF 23E9-23F3 23F8-23FA 24C2 25AA-25AB 25B6 25C0 "
    "25FB-25FE 2600-2604 260E 2611 2614-2615 2618 261D 2620 2622-2623 2626 262A 262E-262F 2638-263A 2640 2642 "
    "2648-2653 265F-2660 2663 2665-2666 2668 267B 267E-267F 2692-2697 2699 269B-269C 26A0-26A1 26A7 26AA-26AB "
    "26B0-26B1 26BD-26BE 26C4-26C5 26C8 26CE-26CF 26D1 26D3-26D4 26E9-26EA 26F0-26F5 26F7-26FA 26FD 2702 2705 "
    "2708-270D 270F 2712 2714 2716 271D 2721 2728 2733-2734 2744 2747 274C 274E 2753-2755 2757 2763-2764 "
    "2795-2797 27A1 27B0 27BF 2934-2935 2B05-2B07 2B1B-2B1C 2B50 2B55 3030 303D 3297 3299 1F004 1F0CF 1F170-1F171 "
    "1F17E-1F17F 1F18E 1F191-1F19A 1F1E6-1F1FF 1F201-1F202 1F21A 1F22F 1F232-1F23A 1F250-1F251 1F300-1F321 "
    "1F324-1F393 1F396-1F397 1F399-1F39B 1F39E-1F3F0 1F3F3-1F3F5 1F3F7-1F4FD 1F4FF-1F53D 1F549-1F54E 1F550-1F567 "
    "1F56F-1F570 1F573-1F57A 1F587 1F58A-1F58D 1F590 1F595-1F596 1F5A4-1F5A5 1F5A8 1F5B1-1F5B2 1F5BC 1F5C2-1F5C4 "
    "1F5D1-1F5D3 1F5DC-1F5DE 1F5E1 1F5E3 1F5E8 1F5EF 1F5F3 1F5FA-1F64F 1F680-1F6C5 1F6CB-1F6D2 1F6D5-1F6D9 "
    "1F6DC-1F6E5 1F6E9 1F6EB-1F6EC 1F6F0 1F6F3-1F6FC 1F7E0-1F7EB 1F7F0 1F90C-1F93A 1F93C-1F945 1F947-1F9FF "
    "1FA70-1FAFF"
)

TYPOGRAPHY = r"""
"     00AB 00BB 02BA 02EE 201C-201F 2033 2036 275D 275E 2760 2E42 301D-301F
'     0060 00B4 02B9 02BB-02BF 02C8 02CA 02CB 0384 1FBD 1FBF 1FFE 2018-201B 2032 2035 2039 203A 275B 275C 275F A78B A78C
*     2022 2023 2043 204E 25AA 25CF 25E6
-     02D7 2010-2015 2212 2E3A 2E3B
.     00B7 2027 2219 22C5
...   2026 22EF
/     2044 2215 29F8
"""

LOOK_ALIKES = r"""
!=    2260
"     00A8 02DD
#     266F
%o    2030
(c)   00A9
(p)   2117
(r)   00AE
*     2217 22C6 2605 2606
+     2020 2021
+/-   00B1
,     00B8
-     00AF 02C9 203E 2500 2501
-/+   2213
->    2192 2794 279C 27F6
/     00F7
1     2776 2780 278A
10    277F 2789 2793
2     2777 2781 278B
3     2778 2782 278C
4     2779 2783 278D
5     277A 2784 278E
6     277B 2785 278F
7     277C 2786 2790
8     277D 2787 2791
9     277E 2788 2792
:     02D0 2236 A789
<     276E 2770 27E8 3008
<-    2190 27F5
<->   2194 27F7
<=    21D0 2264 27F8 2A7D
<=>   21D4 27FA
=     2550
=>    21D2 27F9
>     276F 2771 27E9 3009
>=    2265 2A7E
?     FFFD
?!    203D
A     0391 03B1
AZN   20BC
B     0392 03B2 0E3F
BTC   20BF
C     20A1 20B5
D     00D0 0189
E     018E 018F 0190 0395 03B5
F     20A3
G     0194 20B2
GEL   20BE
H     0397 03B7
I     0196 0399 03B9
J     037F
K     039A 03BA 20AD
M     039C 03BC
N     014A 039D 03BD 20A6
NIS   20AA
O     0186 039F 03BF
OE    0152
P     03A1 03C1 20B1
Pts   20A7
Q     024A
RUB   20BD
Rs    20B9
SS    1E9E
T     03A4 03C4 20AE 20B8
TL    20BA
Th    00DE
U     01B1
UAH   20B4
V     0245
W     20A9
X     03A7 03C7
Y     03A5 03C5
Z     01B7 0396 03B6
\     2216 29F5 29F9
^     02C4 02C6 2038
_     2017
b     266D
c     00A2
d     00F0 20AB
e     01DD 0259 025B 212E
g     0261 0263
i     0131 0269
j     0237 03F3
n     014B
o     00B0 0254 02DA
oe    0153
q     0138
th    00FE
u     00B5 028A
v     028C
x     00D7 2A2F
z     0292
|     00A6 01C0 2223 23D0 2502 2503 2758
~     02DC 2053 223C 2248 301C
£     20A4
Ö     0150
Ø     2205 2300
Ü     0170
ö     0151
ü     0171
Γ     03B3
Δ     03B4 2206
Θ     03B8
Λ     03BB
Ξ     03BE
Π     03C0 220F
Σ     03C2 03C3 2211
Φ     03C6
Ψ     03C8
Ω     03C9
"""

# Greek small letters among Latin ones, as in the unit of micrograms: the small letter that each looks like.
GREEK_AMONG_LATIN = """
a     03B1
i     03B9
k     03BA
o     03BF
p     03C1
u     03BC 03C5
v     03BD
x     03C7
"""

# Cyrillic letters that look exactly like Latin ones.
STRAYS = """
A     0410
B     0412
C     0421
E     0415
H     041D
I     0406 04C0
J     0408
K     041A
M     041C
O     041E
P     0420
Q     051A
S     0405
T     0422
W     051C
X     0425
Y     0423
a     0430
c     0441
d     0501
e     0435
h     04BB
i     0456
j     0458
l     04CF
o     043E
p     0440
q     051B
s     0455
w     051D
x     0445
y     0443
"""
