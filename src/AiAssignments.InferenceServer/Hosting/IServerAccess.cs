namespace AiAssignments.InferenceServer.Hosting;

/// <summary>Decides who may call a server that others can reach.</summary>
internal interface IServerAccess
{
    /// <summary>Whether callers are asked for a key or a token. Without, the server listens on loopback only.</summary>
    bool Asks { get; }

    /// <summary>Puts the check in front of all routes but the health ones.</summary>
    /// <param name="app">The host.</param>
    void Use(WebApplication app);
}

/// <summary>Nobody is asked.</summary>
internal sealed class OpenAccess : IServerAccess
{
    public bool Asks => false;

    public void Use(WebApplication app)
    {
    }
}
