import webpack from "webpack";

export default {
  mode: "production",
  entry: "./main.js",
  output: { publicPath: process.env.ASSETS ?? "auto" },
  plugins: [new webpack.DefinePlugin({ PYTHON: JSON.stringify(process.env.PYTHON) })],
};
