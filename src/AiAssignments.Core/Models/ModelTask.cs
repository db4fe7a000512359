namespace AiAssignments.Core.Models;

/// <summary>What a model does. The wire names are Hugging Face's pipeline names; see <see cref="ModelTasks"/>.</summary>
public enum ModelTask
{
    /// <summary><c>text-classification</c>: a text, or a pair of texts, to one of the labels (sentiment is one).</summary>
    TextClassification,

    /// <summary><c>token-classification</c>: the words of a sentence to one entity tag each.</summary>
    TokenClassification,

    /// <summary><c>image-classification</c>: an image to one of the labels.</summary>
    ImageClassification,
}
