namespace AiAssignments.Evaluation.Datasets.Conll;

/// <summary>What a line of a CoNLL file is.</summary>
internal enum ConllLine
{
    /// <summary>Nothing but white space: ends a sentence.</summary>
    Blank,

    /// <summary><c>-DOCSTART-</c>: ends a sentence, and is no word itself.</summary>
    DocumentStart,

    /// <summary>A word with its columns.</summary>
    Word,
}
