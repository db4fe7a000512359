using AiAssignments.Inference.Tokenization;

namespace AiAssignments.Tests.Tokenization.Reference;

/// <summary>Compares our encodings with the reference's.</summary>
internal static class Parity
{
    /// <summary>Checks that all are identical, and shows the first that is not.</summary>
    public static void Check(string definition, IEnumerable<ReferenceInput> inputs, int maxLength = int.MaxValue, string? truncation = null)
    {
        var all = inputs.ToList();
        var tokenizer = Definitions.LoadFile(definition);
        var expected = ReferenceTokenizer.Encode(definition, all, hash: true, truncation);
        Assert.Equal(all.Count, expected.Count);
        var encoding = new Encoding();
        var differences = Enumerable.Range(0, all.Count)
            .Where(i => EncodingText.Hash(EncodingText.Encode(tokenizer, all[i], maxLength, encoding)) != expected[i]).ToList();
        if (differences.Count > 0)
        {
            var input = all[differences[0]];
            var actual = EncodingText.Full(EncodingText.Encode(tokenizer, input, maxLength, encoding));
            var reference = ReferenceTokenizer.Encode(definition, [input], hash: false, truncation)[0];
            var shown = string.Concat(input.Text.Select(c => c is > ' ' and < '\u007f' ? c.ToString() : $"\\u{(int)c:x4}"));
            Assert.Fail($"{differences.Count} of {all.Count} differ, first no. {differences[0]}: {shown} | {input.Pair} | {string.Join('|', input.Words ?? [])}\nreference {reference}\nours      {actual}");
        }
    }
}
