namespace AiAssignments.Inference.Tokenization.Text;

/// <summary>Numbers words: by their order, or all with the index of the word that the caller gave.</summary>
/// <param name="given">The given index; -1 to count.</param>
internal struct WordCounter(int given)
{
    private int count;

    public int Next() => given >= 0 ? given : count++;
}
