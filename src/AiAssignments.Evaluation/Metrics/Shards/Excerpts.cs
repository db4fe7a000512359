using System.Text;
using AiAssignments.Evaluation.Metrics.Entities;

namespace AiAssignments.Evaluation.Metrics.Shards;

/// <summary>Shortens what a mistake shows.</summary>
public static class Excerpts
{
    /// <summary>Most UTF-16 units of an excerpt.</summary>
    public const int Longest = 300;

    /// <summary>The start of a text, never ending between the halves of a character.</summary>
    public static string Cut(string text, int longest = Longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        var end = longest - 1;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
    }

    /// <summary>The words whose tags differ, as <c>word/TAG</c>: with gold tags, and with predicted ones.</summary>
    public static (string Truth, string Predicted) Differences(IReadOnlyList<string> words, IReadOnlyList<string> gold, IReadOnlyList<string> predicted)
    {
        var (wanted, guessed) = (EntityAccumulator.CommonTags(gold), EntityAccumulator.CommonTags(predicted));
        var (truth, guess) = (new StringBuilder(), new StringBuilder());
        for (var i = 0; i < gold.Count && truth.Length <= Longest; i++)
        {
            if (wanted[i] != guessed[i])
            {
                var word = i < words.Count ? Cut(words[i], 50) : string.Empty;
                Append(truth, word, gold[i]);
                Append(guess, word, predicted[i]);
            }
        }

        return (Cut(truth.ToString()), Cut(guess.ToString()));
    }

    private static void Append(StringBuilder line, string word, string tag) =>
        line.Append(line.Length > 0 ? " " : string.Empty).Append(word).Append('/').Append(Cut(tag, 50));
}
