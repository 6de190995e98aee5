// The pad's own forward pass, timed in Node.js: node tools/pad.js FOLDER TIMES
//
// FOLDER holds network.json, as a page takes it (lenet_keras/pages/export.py), and images.f32, its images one after the
// other. tools/benchmark.py asks in lines, as it asks its other ways: "one" for the first image, "all" for all of them,
// whose seconds are multiplied by TIMES where there are fewer than are meant.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { createInterface } = require("node:readline");
const { forward, readNetwork } = require("../lenet_keras/pages/network.js");

const [folder, times] = process.argv.slice(2);
const network = readNetwork(JSON.parse(readFileSync(join(folder, "network.json"), "utf-8")));
const pixels = new Float32Array(new Uint8Array(readFileSync(join(folder, "images.f32"))).buffer);
const size = network.input[0] * network.input[1];
const images = Array.from({ length: pixels.length / size }, (_, i) => pixels.subarray(i * size, (i + 1) * size));
const asked = { one: [images.slice(0, 1), 1], all: [images, Number(times)] };

console.log("ready");
createInterface({ input: process.stdin }).on("line", (line) => {
  const [given, factor] = asked[line];
  const started = performance.now();
  const outputs = given.map((image) => forward(network, image).pop().values);
  const seconds = ((performance.now() - started) / 1000) * factor;
  const classes = outputs.map((values) => values.indexOf(Math.max(...values)));
  // Not the largest memory so far: that would be, on Linux, the memory of the program that started this one.
  const peak_MB = Math.round(process.memoryUsage.rss() / 2 ** 20);
  console.log("answer", JSON.stringify({ seconds, peak_MB, classes }));
});
