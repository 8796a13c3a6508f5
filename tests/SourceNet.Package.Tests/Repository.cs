using System.Reflection;

namespace SourceNet.Package.Tests;

/// <summary>What the build knows: see DescribeRepository in the project file.</summary>
internal static class Repository
{
    public static string Root => Value("Repository");

    public static string Configuration => Value("Configuration");

    /// <summary>The folder of restored packages, which the programs under test read and never write.</summary>
    public static string Packages => Value("Packages");

    public static string Version => Value("Version");

    public static string Value(string key) => typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
