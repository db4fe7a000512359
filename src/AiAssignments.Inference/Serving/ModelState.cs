namespace AiAssignments.Inference.Serving;

/// <summary>How far a version is from answering.</summary>
public enum ModelState
{
    /// <summary>Not loaded; the first request loads it.</summary>
    Available,

    /// <summary>Being loaded and warmed.</summary>
    Loading,

    /// <summary>Warmed: answers.</summary>
    Ready,

    /// <summary>Answers what it has queued, takes nothing more.</summary>
    Draining,

    /// <summary>Taken out on demand; answers again after a load.</summary>
    Unloaded,

    /// <summary>Its last load failed.</summary>
    Failed,
}
