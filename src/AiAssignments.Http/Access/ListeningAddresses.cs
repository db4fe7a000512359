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
        return address.IsUnixPipe
            || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
    }
}
