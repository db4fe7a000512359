using System.Net;
using AiAssignments.Core.Errors;

namespace AiAssignments.Http.Access;

/// <summary>Whether others than this machine can reach what a server listens on.</summary>
public static class ListeningAddresses
{
    /// <summary>Whether every address is a loopback one (or a Unix socket).</summary>
    /// <param name="urls">Addresses as <c>--urls</c> takes them, separated by <c>;</c>, for example <c>http://127.0.0.1:7071</c>.</param>
    /// <exception cref="ProblemException"><c>option-invalid</c>.</exception>
    public static bool AreLoopback(string urls) => urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).All(IsLoopback);

    /// <summary>Whether a host is this machine's loopback: <c>localhost</c>, or a loopback address, in brackets or not.</summary>
    /// <param name="host">Host without a port, as in a URL or a Host header. Hostile.</param>
    public static bool IsLoopbackHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsLoopback(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            throw new ProblemException("option-invalid", $"--urls has '{url}'; it must be like http://127.0.0.1:7071.");
        }

        // Anything but a name or an address (*, +) is every address.
        return address.IsUnixPipe || IsLoopbackHost(address.Host);
    }
}
