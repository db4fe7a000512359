using System.Globalization;
using AiAssignments.Core.Datasets;

namespace AiAssignments.Inference.Scoring;

/// <summary>What a sentence may be at most; looked at before anything is allocated for it.</summary>
internal static class SentenceLimits
{
    /// <summary>Most words of a sentence.</summary>
    public const int MostWords = 50_000;

    /// <summary>Most probabilities (words x labels) of a sentence: 256 MiB.</summary>
    public const long MostProbabilities = 1L << 26;

    /// <summary>Why a sentence cannot be tagged, or <c>null</c>.</summary>
    /// <param name="sentence">The sentence.</param>
    /// <param name="labels">Labels of the model.</param>
    public static RecordError? Refuse(WordsRecord sentence, int labels)
    {
        var words = sentence.Words.Count;
        if (words == 0)
        {
            return new(sentence.Position, "sentence-empty", "The sentence has no words; at least one is needed.");
        }

        var most = Math.Min(MostWords, MostProbabilities / labels);
        return words <= most
            ? null
            : new(
                sentence.Position,
                "sentence-too-long",
                string.Create(CultureInfo.InvariantCulture, $"The sentence has {words} words; at most {most} are tagged by a model of {labels} labels. Split it into sentences."));
    }
}
