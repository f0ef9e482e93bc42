/** Hands jest the project's code with one edit made in it. Its cache goes by the text, so that whatever is not edited is transformed once for all edits. */
import swc from "@swc/jest";

export default {
  createTransformer({ edit, ...options }) {
    const { process, getCacheKey, ...inner } = swc.createTransformer(options);
    const edited = (source, file) => (file === edit?.file ? edit.text : source);
    return {
      ...inner,
      process: (source, file, ...rest) => process(edited(source, file), file, ...rest),
      getCacheKey: (source, file, ...rest) => getCacheKey(edited(source, file), file, ...rest),
    };
  },
};
