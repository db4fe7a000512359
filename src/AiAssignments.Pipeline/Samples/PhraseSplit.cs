namespace AiAssignments.Pipeline.Samples;

/// <summary>
/// Splits a set of phrases that overlap, as the training set of SST-2 does (sentences and their constituents): a phrase that is part of a held-out sentence
/// is not trained on. A sentence is a phrase that is part of no other.
/// </summary>
internal sealed class PhraseSplit
{
    private readonly string[] phrases;
    private readonly List<int> sentences = [];

    /// <summary>Finds the sentences.</summary>
    /// <param name="phrases">Words joined by single blanks.</param>
    public PhraseSplit(IEnumerable<string> phrases)
    {
        this.phrases = [.. phrases.Select(phrase => $" {phrase.Trim()} ")];
        var index = new ContainmentIndex();

        // What contains a phrase is longer, or is the same phrase again and was met before.
        foreach (var i in Enumerable.Range(0, this.phrases.Length).OrderByDescending(i => this.phrases[i].Length).ThenBy(i => i))
        {
            if (!index.Contains(this.phrases[i]))
            {
                index.Add(this.phrases[i]);
                sentences.Add(i);
            }
        }

        sentences.Sort();
    }

    /// <summary>Indices of the sentences, ascending.</summary>
    public IReadOnlyList<int> Sentences => sentences;

    /// <summary>Indices of the phrases that are part of one of the given sentences, those included.</summary>
    public HashSet<int> PartsOf(IEnumerable<int> held)
    {
        var index = new ContainmentIndex();
        foreach (var sentence in held)
        {
            index.Add(phrases[sentence]);
        }

        return [.. Enumerable.Range(0, phrases.Length).Where(i => index.Contains(phrases[i]))];
    }

    /// <summary>Sentences by word, so that a phrase is looked for only where its rarest word is.</summary>
    private sealed class ContainmentIndex
    {
        private readonly Dictionary<string, List<string>> byWord = new(StringComparer.Ordinal);

        public void Add(string sentence)
        {
            foreach (var word in Words(sentence).Distinct(StringComparer.Ordinal))
            {
                if (!byWord.TryGetValue(word, out var list))
                {
                    byWord[word] = list = [];
                }

                list.Add(sentence);
            }
        }

        public bool Contains(string phrase)
        {
            List<string>? rarest = null;
            foreach (var word in Words(phrase))
            {
                if (!byWord.TryGetValue(word, out var list))
                {
                    return false;
                }

                rarest = rarest is null || list.Count < rarest.Count ? list : rarest;
            }

            return rarest is not null && rarest.Exists(sentence => sentence.Contains(phrase, StringComparison.Ordinal));
        }

        private static string[] Words(string phrase) => phrase.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
