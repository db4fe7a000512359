using AiAssignments.Inference.Tokenization;

namespace AiAssignments.Pipeline.Samples;

/// <summary>Ids of texts and sentences, as the scoring engine will give them to the model.</summary>
internal static class TextFeatures
{
    public static int[][] Encode(IEnumerable<string> texts, ITokenizer tokenizer, int maxLength)
    {
        var encoding = new Encoding();
        return [.. texts.Select(text =>
        {
            tokenizer.Encode(text, default, hasPair: false, maxLength, encoding);
            return encoding.Ids.ToArray();
        })];
    }

    public static int[][] EncodeWords(IEnumerable<IReadOnlyList<string>> sentences, ITokenizer tokenizer)
    {
        var encoding = new Encoding();
        return [.. sentences.Select(words =>
        {
            tokenizer.EncodeWords(words, encoding);
            return encoding.Ids.ToArray();
        })];
    }
}
