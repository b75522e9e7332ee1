/* Written by csrc/generate.py from smscodec.tables: change those, not this.
 *
 * Reference: 3GPP TS 23.038, 6.2.1 and 6.2.1.1
 */
#include "tables.h"

/* Classes of ASCII by low half octet. */
const uint8_t SMSCODEC_ASCII_LOW[16] = {
    0x07, 0x03, 0x03, 0x03, 0x03, 0x03, 0x03, 0x03, 0x03, 0x03, 0x02, 0x23, 0x32, 0x22, 0x23, 0x0B,
};

/* Classes of ASCII by high half octet. */
const uint8_t SMSCODEC_ASCII_HIGH[16] = {
    0x11, 0x02, 0x00, 0x00, 0x00, 0x20, 0x04, 0x28, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
};

/* Latin-1 above 0x7F out of the alphabet, by low half octet. */
const uint8_t SMSCODEC_LATIN1_LOW[16] = {
    0x5F, 0x2D, 0x3F, 0x7D, 0x55, 0x55, 0x07, 0x75, 0x0F, 0x17, 0x7F, 0x7F, 0x0F, 0x7F, 0x7F, 0x6B,
};

/* Latin-1 above 0x7F out of the alphabet, by high half octet. */
const uint8_t SMSCODEC_LATIN1_HIGH[16] = {
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40,
};

/* Letters of the page above Latin-1, by low half octet. */
const uint8_t SMSCODEC_PAGE_LOW[16] = {
    0x02, 0x00, 0x00, 0x03, 0x01, 0x00, 0x02, 0x00, 0x03, 0x02, 0x00, 0x01, 0x00, 0x00, 0x01, 0x00,
};

/* Letters of the page above Latin-1, by high half octet. */
const uint8_t SMSCODEC_PAGE_HIGH[16] = {
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00,
};

/* Letters in two octets: the second by its low half. */
const uint8_t SMSCODEC_LETTER_LOW[16] = {
    0x90, 0x29, 0x20, 0xC1, 0x55, 0x15, 0xBC, 0x05, 0xF8, 0xB4, 0x00, 0x40, 0x38, 0x00, 0x40, 0x0A,
};

/* Letters in two octets: the second by its high half. */
const uint8_t SMSCODEC_LETTER_HIGH[16] = {
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x48, 0x91, 0x22, 0x00, 0x00, 0x00, 0x00,
};

/* Letters in two octets: the lead 0xC_ by its low half. */
const uint8_t SMSCODEC_LETTER_LEAD[16] = {
    0x00, 0x00, 0x03, 0x3C, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xC0, 0x00,
};

/* Breaks of UTF-8: the first of two octets by its high half. */
const uint8_t SMSCODEC_FIRST_HIGH[16] = {
    0x02, 0x02, 0x02, 0x02, 0x02, 0x02, 0x02, 0x02, 0x80, 0x80, 0x80, 0x80, 0x05, 0x01, 0x19, 0x61,
};

/* Breaks of UTF-8: the first of two octets by its low half. */
const uint8_t SMSCODEC_FIRST_LOW[16] = {
    0xAF, 0x87, 0x83, 0x83, 0xC3, 0xE3, 0xE3, 0xE3, 0xE3, 0xE3, 0xE3, 0xE3, 0xE3, 0xF3, 0xE3, 0xE3,
};

/* Breaks of UTF-8: the second of two octets by its high half. */
const uint8_t SMSCODEC_SECOND_HIGH[16] = {
    0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0xAE, 0xCE, 0xD6, 0xD6, 0x01, 0x01, 0x01, 0x01,
};

/* Each octet, sixteen times. */
#define FOUR(octet) octet, octet, octet, octet
#define ROW(octet) {FOUR(octet), FOUR(octet), FOUR(octet), FOUR(octet)}
const uint8_t SMSCODEC_SPLATS[256][16] = {
    ROW(0), ROW(1), ROW(2), ROW(3), ROW(4), ROW(5), ROW(6), ROW(7),
    ROW(8), ROW(9), ROW(10), ROW(11), ROW(12), ROW(13), ROW(14), ROW(15),
    ROW(16), ROW(17), ROW(18), ROW(19), ROW(20), ROW(21), ROW(22), ROW(23),
    ROW(24), ROW(25), ROW(26), ROW(27), ROW(28), ROW(29), ROW(30), ROW(31),
    ROW(32), ROW(33), ROW(34), ROW(35), ROW(36), ROW(37), ROW(38), ROW(39),
    ROW(40), ROW(41), ROW(42), ROW(43), ROW(44), ROW(45), ROW(46), ROW(47),
    ROW(48), ROW(49), ROW(50), ROW(51), ROW(52), ROW(53), ROW(54), ROW(55),
    ROW(56), ROW(57), ROW(58), ROW(59), ROW(60), ROW(61), ROW(62), ROW(63),
    ROW(64), ROW(65), ROW(66), ROW(67), ROW(68), ROW(69), ROW(70), ROW(71),
    ROW(72), ROW(73), ROW(74), ROW(75), ROW(76), ROW(77), ROW(78), ROW(79),
    ROW(80), ROW(81), ROW(82), ROW(83), ROW(84), ROW(85), ROW(86), ROW(87),
    ROW(88), ROW(89), ROW(90), ROW(91), ROW(92), ROW(93), ROW(94), ROW(95),
    ROW(96), ROW(97), ROW(98), ROW(99), ROW(100), ROW(101), ROW(102), ROW(103),
    ROW(104), ROW(105), ROW(106), ROW(107), ROW(108), ROW(109), ROW(110), ROW(111),
    ROW(112), ROW(113), ROW(114), ROW(115), ROW(116), ROW(117), ROW(118), ROW(119),
    ROW(120), ROW(121), ROW(122), ROW(123), ROW(124), ROW(125), ROW(126), ROW(127),
    ROW(128), ROW(129), ROW(130), ROW(131), ROW(132), ROW(133), ROW(134), ROW(135),
    ROW(136), ROW(137), ROW(138), ROW(139), ROW(140), ROW(141), ROW(142), ROW(143),
    ROW(144), ROW(145), ROW(146), ROW(147), ROW(148), ROW(149), ROW(150), ROW(151),
    ROW(152), ROW(153), ROW(154), ROW(155), ROW(156), ROW(157), ROW(158), ROW(159),
    ROW(160), ROW(161), ROW(162), ROW(163), ROW(164), ROW(165), ROW(166), ROW(167),
    ROW(168), ROW(169), ROW(170), ROW(171), ROW(172), ROW(173), ROW(174), ROW(175),
    ROW(176), ROW(177), ROW(178), ROW(179), ROW(180), ROW(181), ROW(182), ROW(183),
    ROW(184), ROW(185), ROW(186), ROW(187), ROW(188), ROW(189), ROW(190), ROW(191),
    ROW(192), ROW(193), ROW(194), ROW(195), ROW(196), ROW(197), ROW(198), ROW(199),
    ROW(200), ROW(201), ROW(202), ROW(203), ROW(204), ROW(205), ROW(206), ROW(207),
    ROW(208), ROW(209), ROW(210), ROW(211), ROW(212), ROW(213), ROW(214), ROW(215),
    ROW(216), ROW(217), ROW(218), ROW(219), ROW(220), ROW(221), ROW(222), ROW(223),
    ROW(224), ROW(225), ROW(226), ROW(227), ROW(228), ROW(229), ROW(230), ROW(231),
    ROW(232), ROW(233), ROW(234), ROW(235), ROW(236), ROW(237), ROW(238), ROW(239),
    ROW(240), ROW(241), ROW(242), ROW(243), ROW(244), ROW(245), ROW(246), ROW(247),
    ROW(248), ROW(249), ROW(250), ROW(251), ROW(252), ROW(253), ROW(254), ROW(255),
};
