// Made by make_sample.py: the files of data/, embedded.

#include "CSample.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char file_0[] = {
#embed "data/activations.safetensors"
};
static const unsigned char file_1[] = {
#embed "data/adapters-gram.safetensors"
};
static const unsigned char file_2[] = {
#embed "data/gradients.safetensors"
};
static const unsigned char file_3[] = {
#embed "data/model.safetensors"
};
static const unsigned char file_4[] = {
#embed "data/run/step-0000.safetensors"
};
static const unsigned char file_5[] = {
#embed "data/run/step-0010.safetensors"
};
static const unsigned char file_6[] = {
#embed "data/run/step-0020.safetensors"
};
static const unsigned char file_7[] = {
#embed "data/run/step-0030.safetensors"
};
static const unsigned char file_8[] = {
#embed "data/run/step-0040.safetensors"
};
static const unsigned char file_9[] = {
#embed "data/run/step-0050.safetensors"
};
static const unsigned char file_10[] = {
#embed "data/run/step-0060.safetensors"
};
static const unsigned char file_11[] = {
#embed "data/run/step-0070.safetensors"
};
static const unsigned char file_12[] = {
#embed "data/run/step-0080.safetensors"
};
static const unsigned char file_13[] = {
#embed "data/run/step-0090.safetensors"
};
static const unsigned char file_14[] = {
#embed "data/run/step-0100.safetensors"
};
static const unsigned char file_15[] = {
#embed "data/run/step-0110.safetensors"
};
static const unsigned char file_16[] = {
#embed "data/run/step-0120.safetensors"
};
static const unsigned char file_17[] = {
#embed "data/run/step-0130.safetensors"
};
static const unsigned char file_18[] = {
#embed "data/run/step-0140.safetensors"
};
static const unsigned char file_19[] = {
#embed "data/run/step-0150.safetensors"
};
static const unsigned char file_20[] = {
#embed "data/run/step-0160.safetensors"
};
static const unsigned char file_21[] = {
#embed "data/run/step-0170.safetensors"
};
static const unsigned char file_22[] = {
#embed "data/run/step-0180.safetensors"
};
static const unsigned char file_23[] = {
#embed "data/run/step-0190.safetensors"
};
static const unsigned char file_24[] = {
#embed "data/run/step-0200.safetensors"
};
static const unsigned char file_25[] = {
#embed "data/run/step-0210.safetensors"
};
static const unsigned char file_26[] = {
#embed "data/run/step-0220.safetensors"
};
static const unsigned char file_27[] = {
#embed "data/run/step-0230.safetensors"
};
static const unsigned char file_28[] = {
#embed "data/run/step-0240.safetensors"
};
static const unsigned char file_29[] = {
#embed "data/run/step-0250.safetensors"
};
static const unsigned char file_30[] = {
#embed "data/run/step-0260.safetensors"
};
static const unsigned char file_31[] = {
#embed "data/run/step-0270.safetensors"
};
static const unsigned char file_32[] = {
#embed "data/run/step-0280.safetensors"
};
static const unsigned char file_33[] = {
#embed "data/run/step-0290.safetensors"
};
static const unsigned char file_34[] = {
#embed "data/run/step-0300.safetensors"
};

static const CSampleFile files[] = {
  {"activations.safetensors", file_0, sizeof file_0},
  {"adapters-gram.safetensors", file_1, sizeof file_1},
  {"gradients.safetensors", file_2, sizeof file_2},
  {"model.safetensors", file_3, sizeof file_3},
  {"run/step-0000.safetensors", file_4, sizeof file_4},
  {"run/step-0010.safetensors", file_5, sizeof file_5},
  {"run/step-0020.safetensors", file_6, sizeof file_6},
  {"run/step-0030.safetensors", file_7, sizeof file_7},
  {"run/step-0040.safetensors", file_8, sizeof file_8},
  {"run/step-0050.safetensors", file_9, sizeof file_9},
  {"run/step-0060.safetensors", file_10, sizeof file_10},
  {"run/step-0070.safetensors", file_11, sizeof file_11},
  {"run/step-0080.safetensors", file_12, sizeof file_12},
  {"run/step-0090.safetensors", file_13, sizeof file_13},
  {"run/step-0100.safetensors", file_14, sizeof file_14},
  {"run/step-0110.safetensors", file_15, sizeof file_15},
  {"run/step-0120.safetensors", file_16, sizeof file_16},
  {"run/step-0130.safetensors", file_17, sizeof file_17},
  {"run/step-0140.safetensors", file_18, sizeof file_18},
  {"run/step-0150.safetensors", file_19, sizeof file_19},
  {"run/step-0160.safetensors", file_20, sizeof file_20},
  {"run/step-0170.safetensors", file_21, sizeof file_21},
  {"run/step-0180.safetensors", file_22, sizeof file_22},
  {"run/step-0190.safetensors", file_23, sizeof file_23},
  {"run/step-0200.safetensors", file_24, sizeof file_24},
  {"run/step-0210.safetensors", file_25, sizeof file_25},
  {"run/step-0220.safetensors", file_26, sizeof file_26},
  {"run/step-0230.safetensors", file_27, sizeof file_27},
  {"run/step-0240.safetensors", file_28, sizeof file_28},
  {"run/step-0250.safetensors", file_29, sizeof file_29},
  {"run/step-0260.safetensors", file_30, sizeof file_30},
  {"run/step-0270.safetensors", file_31, sizeof file_31},
  {"run/step-0280.safetensors", file_32, sizeof file_32},
  {"run/step-0290.safetensors", file_33, sizeof file_33},
  {"run/step-0300.safetensors", file_34, sizeof file_34},
};

size_t csample_count(void) { return sizeof files / sizeof files[0]; }

const CSampleFile *csample_file(size_t i) { return i < csample_count() ? &files[i] : NULL; }
