namespace AiAssignments.Inference.Models;

/// <summary>One file of a model.</summary>
/// <param name="Name">Its name in the model's folder, segments separated by <c>/</c>; a folder with these files under these names (and the card) opens as the same model.</param>
/// <param name="Path">Full path on this machine.</param>
public sealed record ModelFile(string Name, string Path);
