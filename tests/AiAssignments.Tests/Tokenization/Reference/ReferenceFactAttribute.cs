namespace AiAssignments.Tests.Tokenization.Reference;

/// <summary>A fact that needs Hugging Face's own tokenizers (and, if named, a file of shared data); skipped, with the reason, without them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReferenceFactAttribute : FactAttribute
{
    public ReferenceFactAttribute(params string[] sharedPaths) => Skip = ReferenceTokenizer.Missing(sharedPaths);
}
