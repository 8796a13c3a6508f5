using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SourceNet.Analyzers.Torch;

/// <summary>What rules ask of any operation.</summary>
internal static class Operations
{
    /// <summary>The argument that a parameter gets, or null where the call leaves it to its default.</summary>
    public static IArgumentOperation? ExplicitArgument(this IInvocationOperation call, string parameter) => ExplicitArgument(call.Arguments, parameter);

    /// <inheritdoc cref="ExplicitArgument(IInvocationOperation, string)"/>
    public static IArgumentOperation? ExplicitArgument(this IObjectCreationOperation creation, string parameter) =>
        ExplicitArgument(creation.Arguments, parameter);

    /// <summary>The constant number that an operation is, conversions and a sign included.</summary>
    public static double? Number(this IOperation? operation) => operation?.ConstantValue is { HasValue: true, Value: { } value }
        ? value switch
        {
            double number => number,
            float number => number,
            decimal number => (double)number,
            int number => number,
            long number => number,
            _ => null,
        }
        : null;

    /// <summary>The operation without the conversions and parentheses around it.</summary>
    public static IOperation WalkDownConversions(this IOperation operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConversionOperation conversion:
                    operation = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    operation = parenthesized.Operand;
                    break;
                default:
                    return operation;
            }
        }
    }

    /// <summary>
    /// The local, parameter, field or property that an operation reads or writes; null for anything else. A member of another object than <c>this</c> is
    /// none.
    /// </summary>
    public static ISymbol? Variable(this IOperation? operation) => operation?.WalkDownConversions() switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field => field.Field,
        IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation } property => property.Property,
        _ => null,
    };

    /// <summary>The operation that holds the whole member, the lambdas and local functions around this one included.</summary>
    public static IOperation Root(this IOperation operation)
    {
        while (operation.Parent is { } parent)
        {
            operation = parent;
        }

        return operation;
    }

    /// <summary>The method, accessor, lambda, local function or initializer in which an operation runs: its outermost operation.</summary>
    public static IOperation Body(this IOperation operation)
    {
        while (operation.Parent is { } parent && operation is not (IAnonymousFunctionOperation or ILocalFunctionOperation))
        {
            operation = parent;
        }

        return operation;
    }

    private static IArgumentOperation? ExplicitArgument(IEnumerable<IArgumentOperation> arguments, string parameter) =>
        arguments.FirstOrDefault(argument => argument.Parameter?.Name == parameter && argument.ArgumentKind != ArgumentKind.DefaultValue);
}
