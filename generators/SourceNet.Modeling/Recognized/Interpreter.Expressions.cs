using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Recognized;

/// <content>Expressions.</content>
internal sealed partial class Interpreter
{
    private Value Evaluate(IOperation operation)
    {
        if (++_operations > MostOperations || _nesting >= DeepestNesting)
        {
            return Value.Unknown;
        }

        _nesting++;
        var value = EvaluateNested(operation);
        _nesting--;
        return value;
    }

    private Value EvaluateNested(IOperation operation)
    {
        if (operation.ConstantValue is { HasValue: true } constant)
        {
            return Constant(operation.Type, constant.Value);
        }

        switch (operation)
        {
            case IParenthesizedOperation inner:
                return Evaluate(inner.Operand);
            case IConversionOperation conversion:
                return Evaluate(conversion.Operand);
            case ILocalReferenceOperation
                or IParameterReferenceOperation
                or IFieldReferenceOperation
                or IPropertyReferenceOperation
                or IArrayElementReferenceOperation:
                return Read(operation);
            case IInstanceReferenceOperation:
                return _frame.This ?? Value.Unknown;
            case ISimpleAssignmentOperation { Target: var target, Value: var value }:
                return Assign(target, Evaluate(value));
            case IDeconstructionAssignmentOperation deconstruction:
                return Assign(deconstruction.Target, Evaluate(deconstruction.Value));
            case ICompoundAssignmentOperation compound:
                return Assign(compound.Target, Binary(compound.OperatorKind, Evaluate(compound.Target), Evaluate(compound.Value), compound));
            case ICoalesceAssignmentOperation coalesce:
                return Assign(coalesce.Target, Coalesce(coalesce.Target, coalesce.Value));
            case IIncrementOrDecrementOperation counted:
                var step = counted.Kind == OperationKind.Increment ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract;
                var old = Evaluate(counted.Target);
                Assign(counted.Target, Binary(step, old, new Value.Whole(1), counted));
                return old;
            case IBinaryOperation binary:
                return Binary(binary);
            case IUnaryOperation unary:
                return Unary(unary);
            case IConditionalOperation choice:
                return Choose(Evaluate(choice.Condition), () => Evaluate(choice.WhenTrue), () => Evaluate(choice.WhenFalse!));
            case ICoalesceOperation coalesce:
                return Coalesce(coalesce.Value, coalesce.WhenNull);
            case IConditionalAccessOperation access:
                return Access(access);
            case IConditionalAccessInstanceOperation:
                return _accessed.Count > 0 ? _accessed.Peek() : Value.Unknown;
            case ISwitchExpressionOperation choice:
                Evaluate(choice.Value);
                return ChooseAny(choice.Arms.Select(arm => (Func<Value>)(() => Evaluate(arm.Value))).ToList());
            case IIsPatternOperation pattern:
                return Matches(Evaluate(pattern.Value), pattern.Pattern);
            case ITupleOperation tuple:
                return new Value.Tuple(tuple.Elements.Select(Evaluate).ToImmutableArray());
            case IArrayCreationOperation array:
                return array.Initializer is { } initializer ? NewList(initializer.ElementValues.Select(Evaluate))
                    : NewArray(array.DimensionSizes.Select(Evaluate).FirstOrDefault());
            case IAnonymousFunctionOperation function:
                return new Value.Function(function.Symbol, function.Body, _frame);
            case IDelegateCreationOperation made:
                return Evaluate(made.Target);
            case IMethodReferenceOperation { Method: var method }:
                return FunctionOf(method);
            case IInvocationOperation call:
                return Call(call);
            case IObjectCreationOperation creation:
                return Create(creation);
            case IInterpolatedStringOperation text:
                return Interpolate(text);
            case IDeclarationExpressionOperation declaration:
                return Evaluate(declaration.Expression);
            case IDefaultValueOperation:
                return new Value.Null();
            case INameOfOperation or ITypeOfOperation:
                return Value.Unknown;
            case IThrowOperation:
                return new Value.Never();
            default:
                return operation.Syntax is CollectionExpressionSyntax collection
                    ? Collection(collection, operation)
                    : Opaque(operation, operation.ChildOperations.Select(Evaluate));
        }
    }

    private static Value Constant(ITypeSymbol? type, object? value)
    {
        if (type is { TypeKind: TypeKind.Enum } && value is not null)
        {
            var member = type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => Equals(field.ConstantValue, value));
            return member is null ? Value.Unknown : new Value.Choice(member.Name);
        }

        return value switch
        {
            null => new Value.Null(),
            bool truth => new Value.Truth(truth),
            string text => new Value.Text(text),
            int or long or short or byte or uint or ushort or sbyte => new Value.Whole(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
            double or float => new Value.Real(Rate.Of(Number(value))),
            _ => Value.Unknown,
        };
    }

    /// <summary>0.1f is 0.1, not 0.100000001490116.</summary>
    private static double Number(object value) => value is float single
        ? double.Parse(single.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : (double)value;

    /// <summary>Where a variable or member is kept; null for anything else.</summary>
    private Cell? CellOf(IOperation target)
    {
        switch (target)
        {
            case ILocalReferenceOperation local:
                return Visible(local.Local);
            case IVariableDeclaratorOperation declared:
                return new(_frame.Id, declared.Symbol);
            case IParameterReferenceOperation parameter:
                var cell = Visible(parameter.Parameter);
                // A parameter of a primary constructor belongs to the object.
                return _heap[cell] is null && _frame.This is { } instance ? new(instance.Id, parameter.Parameter) : cell;
            case IFieldReferenceOperation { Field: var field } reference:
                return field.IsStatic
                    ? new(0, field.OriginalDefinition)
                    : Peek(reference.Instance) is Value.Instance holder ? new(holder.Id, field.OriginalDefinition) : null;
            case IPropertyReferenceOperation { Arguments.IsEmpty: true, Property: var property } reference:
                return property.IsStatic
                    ? new(0, property.OriginalDefinition)
                    : Peek(reference.Instance) is Value.Instance owner ? new(owner.Id, property.OriginalDefinition) : null;
            case IDeclarationExpressionOperation declaration:
                return CellOf(declaration.Expression);
            case IConversionOperation conversion:
                return CellOf(conversion.Operand);
            default:
                return null;
        }
    }

    private Cell Visible(ISymbol variable)
    {
        for (var frame = _frame; frame is not null; frame = frame.Outer)
        {
            if (_heap[new(frame.Id, variable)] is not null)
            {
                return new(frame.Id, variable);
            }
        }

        return new(_frame.Id, variable);
    }

    /// <summary>What an expression without effects gives.</summary>
    private Value? Peek(IOperation? operation) => operation switch
    {
        null => null,
        IInstanceReferenceOperation => _frame.This,
        IConversionOperation conversion => Peek(conversion.Operand),
        IParenthesizedOperation inner => Peek(inner.Operand),
        _ => CellOf(operation) is { } cell ? Present(_heap[cell]) : null,
    };

    /// <summary>What is there if anything is: code that uses it has made sure.</summary>
    private static Value? Present(Value? value) => value is Value.Maybe maybe ? maybe.Inner : value;

    private Value Read(IOperation operation)
    {
        if (CellOf(operation) is { } cell && _heap[cell] is { } known)
        {
            return known;
        }

        switch (operation)
        {
            case IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: true } field }
                when bodies.InitializerOf(field, cancellation) is { } initializer:
                return Set(new(0, field.OriginalDefinition), InitialValue(initializer));
            case IPropertyReferenceOperation { Arguments.Length: > 1 } indexer:
                return Element(Evaluate(indexer.Instance!), Value.Unknown, indexer);
            case IPropertyReferenceOperation { Arguments.Length: 1 } indexer:
                return Element(Evaluate(indexer.Instance!), Evaluate(indexer.Arguments[0].Value), indexer);
            case IPropertyReferenceOperation property:
                return ReadProperty(property);
            case IArrayElementReferenceOperation { Indices: [IUnaryOperation { OperatorKind: UnaryOperatorKind.Hat } fromEnd] } element:
                return ElementFromEnd(Evaluate(element.ArrayReference), Evaluate(fromEnd.Operand), element);
            case IArrayElementReferenceOperation { Indices.Length: 1 } element:
                return Element(Evaluate(element.ArrayReference), Evaluate(element.Indices[0]), element);
            case IFieldReferenceOperation { Instance: { } instance, Field: var field } when CellOf(operation) is null:
                return Evaluate(instance) is Value.Tuple tuple ? Part(tuple, field.CorrespondingTupleField?.Name ?? field.Name) : Unspecified(operation.Type);
        }

        // A part of which nothing is known is the same part at each use.
        return CellOf(operation) is { } unknown && TorchTypes.IsModule(operation.Type) ? Set(unknown, Unspecified(operation.Type)) : Value.Unknown;
    }

    private Value ReadProperty(IPropertyReferenceOperation reference)
    {
        var property = reference.Property;
        AsksForMode |= property.Name == "training" && TorchTypes.IsModule(property.ContainingType);
        if (reference.Instance is { } instance && TorchTypes.IsTensor(instance.Type))
        {
            var tensor = Evaluate(instance);
            return property.Name == "shape" ? new Value.Sizes()
                : TorchTypes.IsTensor(property.Type) && tensor is Value.Tensor seen
                    ? Graph.Add(new GraphOperation.Rearrangement(property.Name), reference.Syntax, seen.Node)
                : Value.Unknown;
        }

        if (property.Name is "Count" or "Length" && reference.Instance is { } collection)
        {
            return Evaluate(collection) is Value.List list && ItemsOf(list.Id) is { IsComplete: true } items && items.All.All(item => item.IsCertain)
                ? new Value.Whole(items.All.Length)
                : Value.Unknown;
        }

        if (property.ContainingType.Name == "Tuple" && reference.Instance is { } pair && Evaluate(pair) is Value.Tuple tuple)
        {
            return Part(tuple, property.Name);
        }

        if (property.GetMethod is { } getter && !getter.DeclaringSyntaxReferences.IsEmpty && TorchTypes.Carries(property.Type))
        {
            var owner = reference.Instance is null ? null : Present(Evaluate(reference.Instance)) as Value.Instance;
            if (owner is not null || property.IsStatic)
            {
                return Invoke(getter, owner, [], null) ?? Value.Unknown;
            }
        }

        return CellOf(reference) is { } cell && TorchTypes.IsModule(property.Type) ? Set(cell, Unspecified(property.Type)) : Value.Unknown;
    }

    /// <summary><c>Item1</c> and its fellows.</summary>
    private static Value Part(Value.Tuple tuple, string name) =>
        int.TryParse(name.Replace("Item", ""), NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place >= 1 && place <= tuple.Items.Length
            ? tuple.Items[place - 1]
            : Value.Unknown;

    /// <summary>An element that is counted from the end: <c>sizes[^1]</c>.</summary>
    private Value ElementFromEnd(Value collection, Value index, IOperation operation) => collection is Value.List list
        ? ItemsOf(list.Id) is { IsComplete: true } items && items.All.All(item => item.IsCertain) && index is Value.Whole whole
            ? Element(collection, new Value.Whole((Dim)items.All.Length - whole.Size), operation)
            : Unspecified(operation.Type)
        : Element(collection, Value.Unknown, operation);

    /// <summary>An item of a list; of several that are the same, any.</summary>
    private Value Element(Value collection, Value index, IOperation operation)
    {
        if (collection is Value.Sizes)
        {
            return index is Value.Whole { Size.Constant: 0 } ? new Value.BatchSize() : Value.Unknown;
        }

        if (collection is Value.Tensor tensor)
        {
            return Graph.Add(new GraphOperation.Rearrangement("index"), operation.Syntax, tensor.Node);
        }

        if (collection is not (Value.List or Value.Sequence))
        {
            return Unspecified(operation.Type);
        }

        var items = ItemsOf(collection is Value.List list ? list.Id : ((Value.Sequence)collection).Id);
        if (items.All.Length > 0 && items.All.All(item => item.Value.Equals(items.All[0].Value)))
        {
            return items.All[0].Value;
        }

        return index switch
        {
            Value.Whole { Size.Constant: { } place } when items.IsComplete && place >= 0 && place < items.All.Length && items.All
                .Take((int)place + 1)
                .All(item => item.IsCertain) => items.All[(int)place].Value,
            Value.Text name => items.All.FirstOrDefault(item => item.Name == name.Content)?.Value ?? Unspecified(operation.Type),
            _ => Unspecified(operation.Type),
        };
    }

    private Value Assign(IOperation target, Value value)
    {
        switch (target)
        {
            case ITupleOperation tuple:
                for (var i = 0; i < tuple.Elements.Length; i++)
                {
                    Assign(tuple.Elements[i], value is Value.Tuple values && values.Items.Length == tuple.Elements.Length ? values.Items[i] : Value.Unknown);
                }

                break;
            case IDeclarationExpressionOperation { Expression: ITupleOperation declared }:
                Assign(declared, value);
                break;
            case IArrayElementReferenceOperation { Indices.Length: 1 } element when Evaluate(element.ArrayReference) is Value.List list:
                Replace(list, Evaluate(element.Indices[0]), value);
                break;
            case IPropertyReferenceOperation { Arguments.Length: 1, Instance: { } instance } indexer when Evaluate(instance) is Value.List list:
                Replace(list, Evaluate(indexer.Arguments[0].Value), value);
                break;
            default:
                if (CellOf(target) is { } cell)
                {
                    Set(cell, value);
                }

                break;
        }

        return value;
    }

    private void Replace(Value.List list, Value index, Value value)
    {
        var items = ItemsOf(list.Id);
        var known = index is Value.Whole { Size.Constant: { } place } && place >= 0 && place < items.All.Length
            ? items with { All = items.All.SetItem((int)place, new(null, value)) }
            : new Value.Contents(ImmutableArray<Value.Item>.Empty, IsComplete: false);
        Set(new(list.Id, null), known);
    }

    private Value.List NewList(IEnumerable<Value> values) => NewList(values.Select(value => new Value.Item(null, value)), isComplete: true);

    private Value.List NewList(IEnumerable<Value.Item> items, bool isComplete)
    {
        var list = new Value.List(++_lastId);
        Set(new(list.Id, null), new Value.Contents(items.ToImmutableArray(), isComplete));
        return list;
    }

    private Value.List NewArray(Value? length) => length is Value.Whole { Size.Constant: >= 0 and <= MostTurns and var count }
        ? NewList(Enumerable.Repeat(Value.Unknown, (int)count))
        : NewList([], isComplete: false);

    private Value.List Collection(CollectionExpressionSyntax syntax, IOperation operation)
    {
        var children = operation.ChildOperations.ToList();
        return children.Count == syntax.Elements.Count && syntax.Elements.All(element => element is ExpressionElementSyntax)
            ? NewList(children.Select(Evaluate).ToList())
            : NewList([], isComplete: children.Count == 0 && syntax.Elements.Count == 0);
    }

    private Value Binary(IBinaryOperation operation)
    {
        if (operation.OperatorKind is BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr)
        {
            var decides = operation.OperatorKind == BinaryOperatorKind.ConditionalOr;
            return Evaluate(operation.LeftOperand) switch
            {
                Value.Truth left when left.IsTrue == decides => left,
                Value.Truth => Evaluate(operation.RightOperand),
                _ => Evaluate(operation.RightOperand) is Value.Truth right && right.IsTrue == decides ? right : Value.Unknown,
            };
        }

        return Binary(operation.OperatorKind, Evaluate(operation.LeftOperand), Evaluate(operation.RightOperand), operation);
    }

    private Value Binary(BinaryOperatorKind kind, Value left, Value right, IOperation operation)
    {
        if (left is Value.Tensor || right is Value.Tensor || TorchTypes.IsTensor(operation.Type))
        {
            return TensorOperators.Combine(Graph, kind, left, right, operation);
        }

        switch (left, right)
        {
            case (Value.Whole a, Value.Whole b):
                return Binary(kind, a.Size, b.Size);
            case (Value.Real or Value.Whole, Value.Real or Value.Whole):
                var (x, y) = (RateOf(left), RateOf(right));
                return kind switch
                {
                    BinaryOperatorKind.Add => new Value.Real(x + y),
                    BinaryOperatorKind.Multiply => new Value.Real(x * y),
                    BinaryOperatorKind.Subtract when x.Value == 1 => new Value.Real(y.Complement()),
                    BinaryOperatorKind.Subtract when x.Value - y.Value is { } difference => new Value.Real(Rate.Of(difference)),
                    BinaryOperatorKind.Divide when x.Value / y.Value is { } quotient => new Value.Real(Rate.Of(quotient)),
                    _ => Compare(kind, x.Value, y.Value),
                };
            case (Value.Null, _) or (_, Value.Null) when kind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals:
                var isNull = IsNull(left is Value.Null ? right : left);
                return isNull is Value.Truth truth ? new Value.Truth(truth.IsTrue == (kind == BinaryOperatorKind.Equals)) : Value.Unknown;
            case (Value.Text or Value.Choice or Value.Truth, Value.Text or Value.Choice or Value.Truth)
                when kind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals:
                return new Value.Truth(left.Equals(right) == (kind == BinaryOperatorKind.Equals));
            case (Value.Text a, Value.Text b) when kind == BinaryOperatorKind.Add:
                return new Value.Text(a.Content + b.Content);
            case (Value.Text a, Value.Whole { Size.Constant: { } number }) when kind == BinaryOperatorKind.Add:
                return new Value.Text(a.Content + number.ToString(CultureInfo.InvariantCulture));
            default:
                return Value.Unknown;
        }
    }

    private static Value Binary(BinaryOperatorKind kind, Dim left, Dim right) => kind switch
    {
        BinaryOperatorKind.Add => new Value.Whole(left + right),
        BinaryOperatorKind.Subtract => new Value.Whole(left - right),
        BinaryOperatorKind.Multiply => new Value.Whole(left * right),
        BinaryOperatorKind.Divide => new Value.Whole(left / right),
        BinaryOperatorKind.Remainder => left.Constant is { } a && right.Constant is { } b && b != 0 ? new Value.Whole(a % b) : Value.Unknown,
        BinaryOperatorKind.LeftShift =>
            left.Constant is { } bits && right.Constant is >= 0 and < 40 and var shift ? new Value.Whole(bits << (int)shift) : Value.Unknown,
        BinaryOperatorKind.Equals when left == right && left.IsKnown => new Value.Truth(true),
        BinaryOperatorKind.NotEquals when left == right && left.IsKnown => new Value.Truth(false),
        _ => Compare(kind, left.Constant, right.Constant),
    };

    private static Value Compare(BinaryOperatorKind kind, double? left, double? right) => left is not { } a || right is not { } b
        ? Value.Unknown
        : kind switch
        {
            BinaryOperatorKind.Equals => new Value.Truth(a == b),
            BinaryOperatorKind.NotEquals => new Value.Truth(a != b),
            BinaryOperatorKind.LessThan => new Value.Truth(a < b),
            BinaryOperatorKind.LessThanOrEqual => new Value.Truth(a <= b),
            BinaryOperatorKind.GreaterThan => new Value.Truth(a > b),
            BinaryOperatorKind.GreaterThanOrEqual => new Value.Truth(a >= b),
            _ => Value.Unknown,
        };

    private static Rate RateOf(Value value) => value switch
    {
        Value.Real real => real.Rate,
        Value.Whole { Size: var size } => size.Constant is { } number ? Rate.Of(number) : new Rate(size.ToString(), size.ToString(), null),
        _ => new Rate("?", "?", null),
    };

    private Value Unary(IUnaryOperation operation)
    {
        var operand = Evaluate(operation.Operand);
        return (operation.OperatorKind, operand) switch
        {
            (UnaryOperatorKind.Not, Value.Truth truth) => new Value.Truth(!truth.IsTrue),
            (UnaryOperatorKind.Minus, Value.Whole whole) => new Value.Whole(0 - whole.Size),
            (UnaryOperatorKind.Minus, Value.Real { Rate.Value: { } number }) => new Value.Real(Rate.Of(-number)),
            (UnaryOperatorKind.Minus, Value.Tensor tensor) => Graph.Add(new GraphOperation.Scale(), operation.Syntax, tensor.Node),
            _ => Value.Unknown,
        };
    }

    private Value Choose(Value condition, Func<Value> whenTrue, Func<Value> whenFalse) => condition is Value.Truth truth
        ? truth.IsTrue ? whenTrue() : whenFalse()
        : ChooseAny([whenTrue, whenFalse]);

    /// <summary>Evaluates each from the same start, and joins what comes out.</summary>
    private Value ChooseAny(IReadOnlyList<Func<Value>> ways)
    {
        var start = _heap;
        var ends = new List<Heap>();
        Value? result = null;
        foreach (var way in ways)
        {
            _heap = start;
            var value = way();
            if (value is Value.Never)
            {
                continue;
            }

            ends.Add(_heap);
            result = result is null || result.Equals(value) ? value : Join(result, value);
        }

        Continue(ends);
        return result ?? Value.Unknown;
    }

    private Value Coalesce(IOperation value, IOperation whenNull) => Evaluate(value) switch
    {
        Value.Null => Evaluate(whenNull),
        Value.Maybe maybe => ChooseAny([() => maybe.Inner, () => Evaluate(whenNull)]),
        Value.UnknownValue => ChooseAny([() => Value.Unknown, () => Evaluate(whenNull)]),
        var present => present,
    };

    private Value Access(IConditionalAccessOperation access)
    {
        var instance = Evaluate(access.Operation);
        return instance switch
        {
            Value.Null => instance,
            Value.Maybe maybe => ChooseAny([() => Inside(maybe.Inner), () => new Value.Null()]),
            _ => Inside(instance),
        };

        Value Inside(Value present)
        {
            _accessed.Push(present);
            var result = Evaluate(access.WhenNotNull);
            _accessed.Pop();
            return result;
        }
    }

    private static Value IsNull(Value value) => value switch
    {
        Value.Null => new Value.Truth(true),
        Value.Maybe or Value.UnknownValue => Value.Unknown,
        _ => new Value.Truth(false),
    };

    private Value Matches(Value value, IPatternOperation pattern) => pattern switch
    {
        INegatedPatternOperation negated => Matches(value, negated.Pattern) is Value.Truth truth ? new Value.Truth(!truth.IsTrue) : Value.Unknown,
        IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: null } } => IsNull(value),
        IConstantPatternOperation constant => Binary(BinaryOperatorKind.Equals, value, Evaluate(constant.Value), pattern),
        IDeclarationPatternOperation { DeclaredSymbol: { } declared } => Declared(value, declared),
        IRecursivePatternOperation { DeclaredSymbol: { } declared } => Declared(value, declared),
        _ => Value.Unknown,
    };

    private Value Declared(Value value, ISymbol variable)
    {
        Set(new(_frame.Id, variable), Present(value) ?? Value.Unknown);
        return Value.Unknown;
    }

    private Value Interpolate(IInterpolatedStringOperation text)
    {
        var content = "";
        foreach (var part in text.Parts)
        {
            switch (part)
            {
                case IInterpolatedStringTextOperation literal when literal.Text.ConstantValue.Value is string written:
                    content += written;
                    break;
                case IInterpolationOperation hole when Evaluate(hole.Expression) is var value
                    && (value is Value.Text || value is Value.Whole { Size.Constant: not null }):
                    content += value is Value.Text inner ? inner.Content : ((Value.Whole)value).Size.ToString();
                    break;
                default:
                    return Value.Unknown;
            }
        }

        return new Value.Text(content);
    }

    /// <summary>Something that is not followed. The tensors that go in make one that is unknown.</summary>
    private Value Opaque(IOperation operation, IEnumerable<Value> inputs, string? name = null)
    {
        var nodes = inputs.SelectMany(Tensors).Distinct().ToArray();
        ForgetReferences(operation);
        if (operation is IInvalidOperation && nodes.Length > 0)
        {
            // Code that does not compile, or not yet.
            return Graph.Add(new GraphOperation.Unknown(name ?? "?"), operation.Syntax, nodes);
        }

        if (!TorchTypes.Carries(operation.Type))
        {
            return nodes.Length > 0 && name is not null && operation.Type?.SpecialType == SpecialType.System_Void
                ? Graph.Add(new GraphOperation.Unknown(name), operation.Syntax, nodes)
                : Value.Unknown;
        }

        if (!TorchTypes.IsTensor(operation.Type))
        {
            return Unspecified(operation.Type);
        }

        return nodes.Length == 0 ? Value.Unknown : Graph.Add(new GraphOperation.Unknown(name ?? "?"), operation.Syntax, nodes);
    }

    /// <summary>The nodes of the tensors in a value.</summary>
    private IEnumerable<int> Tensors(Value value) => value switch
    {
        Value.Tensor tensor => [tensor.Node],
        Value.Maybe maybe => Tensors(maybe.Inner),
        Value.Tuple tuple => tuple.Items.SelectMany(Tensors),
        Value.List list => ItemsOf(list.Id).All.SelectMany(item => Tensors(item.Value)),
        _ => [],
    };
}
