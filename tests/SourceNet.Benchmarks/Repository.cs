using System.Reflection;

namespace SourceNet.Benchmarks;

/// <summary>What the build says about the repository.</summary>
internal static class Repository
{
    /// <summary>The value of an <c>AssemblyMetadata</c> item of the project.</summary>
    internal static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}
